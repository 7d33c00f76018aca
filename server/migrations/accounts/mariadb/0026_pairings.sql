-- device_code_hash: SHA-256 of the device's secret. family_id and frame_id appear with the approval.
CREATE TABLE pairings (
    device_code_hash BINARY(32)   NOT NULL PRIMARY KEY,
    user_code        VARCHAR(32)  NOT NULL UNIQUE,
    hardware_name    VARCHAR(255) NOT NULL,
    created_at       BIGINT       NOT NULL,
    expires_at       BIGINT       NOT NULL,
    interval_seconds BIGINT       NOT NULL,
    polled_at        BIGINT,
    family_id        BINARY(16),
    frame_id         BINARY(16)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
