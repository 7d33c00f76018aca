-- device_code_hash: SHA-256 of the device's secret. family_id and frame_id appear with the approval.
CREATE TABLE pairings (
    device_code_hash BLOB    NOT NULL PRIMARY KEY,
    user_code        TEXT    NOT NULL UNIQUE,
    hardware_name    TEXT    NOT NULL,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    interval_seconds INTEGER NOT NULL,
    polled_at        INTEGER,
    family_id        BLOB,
    frame_id         BLOB
);
