-- An entry of an imported list.
INSERT INTO review_list (kind, document_hash, until_at, source, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, document_hash, source) DO UPDATE SET until_at = excluded.until_at
