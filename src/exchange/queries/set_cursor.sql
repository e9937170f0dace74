-- The register was read up to here.
INSERT INTO exchange_cursor (connection, cursor, at) VALUES ($1, $2, $3)
ON CONFLICT (connection) DO UPDATE SET cursor = excluded.cursor, at = excluded.at
