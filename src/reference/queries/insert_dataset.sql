-- Adds a version.
INSERT INTO reference_dataset
    (name, version, valid_from, valid_until, origin, citation, digest, content, imported_at, imported_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
