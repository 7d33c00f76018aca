-- session_id is absent until the device has fetched its first token.
CREATE TABLE frames (
    id            BINARY(16) NOT NULL PRIMARY KEY,
    family_id     BINARY(16) NOT NULL,
    session_id    BINARY(16),
    name          BLOB       NOT NULL,
    hardware_name BLOB       NOT NULL,
    settings      TEXT       NOT NULL,
    created_at    BIGINT     NOT NULL,
    last_seen_at  BIGINT,
    heartbeat     BLOB
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
