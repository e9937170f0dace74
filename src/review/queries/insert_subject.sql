-- An address or person that a case is about, by keyed hash.
INSERT INTO review_subject (kind, hash, case_id) VALUES ($1, $2, $3) ON CONFLICT (kind, hash, case_id) DO NOTHING
