-- wrapped_key seals email and display_name; email_index (HMAC-SHA-256) finds a member by e-mail.
CREATE TABLE members (
    id            BINARY(16)     NOT NULL PRIMARY KEY,
    email_index   BINARY(32)     NOT NULL UNIQUE,
    wrapped_key   VARBINARY(255) NOT NULL,
    email         BLOB           NOT NULL,
    display_name  BLOB           NOT NULL,
    locale        VARCHAR(32)    NOT NULL,
    password_hash VARCHAR(255)   NOT NULL,
    created_at    BIGINT         NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
