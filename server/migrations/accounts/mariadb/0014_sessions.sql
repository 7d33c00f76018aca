-- holder_kind: member or frame. client: web, app or frame.
CREATE TABLE sessions (
    id           BINARY(16)  NOT NULL PRIMARY KEY,
    holder_kind  VARCHAR(32) NOT NULL,
    holder_id    BINARY(16)  NOT NULL,
    client       VARCHAR(32) NOT NULL,
    user_agent   TEXT        NOT NULL,
    created_at   BIGINT      NOT NULL,
    last_used_at BIGINT      NOT NULL,
    expires_at   BIGINT      NOT NULL,
    revoked_at   BIGINT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
