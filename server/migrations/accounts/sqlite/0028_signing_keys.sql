-- private (sealed under wrapped_key) is there for the one key that signs; retired keys verify until expires_at.
CREATE TABLE signing_keys (
    id          VARCHAR(32) NOT NULL PRIMARY KEY,
    public      BLOB        NOT NULL,
    wrapped_key BLOB,
    private     BLOB,
    created_at  INTEGER     NOT NULL,
    expires_at  INTEGER
);
