-- The register does not have what we were told; or has it after all.
UPDATE exchange_track SET in_doubt = $2 WHERE id = $1
