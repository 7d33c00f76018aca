-- wrapped_key seals email and display_name; email_index (HMAC-SHA-256) finds a member by e-mail.
CREATE TABLE members (
    id            BLOB    NOT NULL PRIMARY KEY,
    email_index   BLOB    NOT NULL UNIQUE,
    wrapped_key   BLOB    NOT NULL,
    email         BLOB    NOT NULL,
    display_name  BLOB    NOT NULL,
    locale        TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
);
