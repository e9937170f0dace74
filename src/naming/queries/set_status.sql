-- Moves a name to another status, if nobody moved it since.
UPDATE naming_name SET status = $2, until_ms = $3, version = version + 1 WHERE id = $1 AND version = $4
