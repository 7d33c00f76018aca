CREATE TABLE memberships (
    family_id BINARY(16)  NOT NULL,
    member_id BINARY(16)  NOT NULL,
    role      VARCHAR(32) NOT NULL,
    joined_at BIGINT      NOT NULL,
    PRIMARY KEY (family_id, member_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
