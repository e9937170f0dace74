-- Keeps a consent with the name that used it.
INSERT INTO naming_consent (name_id, entity_name, evidence_id) VALUES ($1, $2, $3)
ON CONFLICT (name_id, entity_name) DO NOTHING
