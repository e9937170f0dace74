-- Remembers that a migration landed.
INSERT INTO kernel_migration (room, number, name, checksum) VALUES ($1, $2, $3, $4)
