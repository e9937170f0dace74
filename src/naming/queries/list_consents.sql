-- The consents of a name.
SELECT entity_name, evidence_id FROM naming_consent WHERE name_id = $1 ORDER BY entity_name
