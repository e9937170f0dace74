-- Which migrations landed, and what they said.
CREATE TABLE IF NOT EXISTS kernel_migration (
    room TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    CONSTRAINT kernel_migration_key PRIMARY KEY (room, number)
)
