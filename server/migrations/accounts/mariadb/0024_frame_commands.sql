CREATE TABLE frame_commands (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    frame_id   BINARY(16) NOT NULL,
    action     BLOB       NOT NULL,
    created_at BIGINT     NOT NULL,
    expires_at BIGINT     NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
