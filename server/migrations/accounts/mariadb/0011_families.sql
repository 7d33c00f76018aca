-- wrapped_key seals the family's name and its frames' names, commands and heartbeats.
CREATE TABLE families (
    id          BINARY(16)     NOT NULL PRIMARY KEY,
    wrapped_key VARBINARY(255) NOT NULL,
    name        BLOB           NOT NULL,
    created_at  BIGINT         NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
