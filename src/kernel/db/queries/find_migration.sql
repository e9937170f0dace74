-- The checksum of a landed migration.
SELECT checksum FROM kernel_migration WHERE room = $1 AND number = $2
