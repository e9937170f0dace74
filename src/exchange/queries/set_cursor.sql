-- The register was read up to here.
INSERT INTO exchange_cursor (agency, region, cursor, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency, region) DO UPDATE SET cursor = excluded.cursor, at = excluded.at
