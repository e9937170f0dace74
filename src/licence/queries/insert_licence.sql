-- A granted licence; a recalled one is granted again under its own code.
INSERT INTO licence_licence (case_id, id, uscc, entity_type, name, type_text, type_code, person_label, person, capital_label,
    capital_text, capital_fen, place_label, place, scope, authority, authority_name, decided_by, granted_at, state, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'granted', 1)
ON CONFLICT (case_id) DO UPDATE SET name = excluded.name, type_text = excluded.type_text, type_code = excluded.type_code,
    person_label = excluded.person_label, person = excluded.person, capital_label = excluded.capital_label,
    capital_text = excluded.capital_text, capital_fen = excluded.capital_fen, place_label = excluded.place_label,
    place = excluded.place, scope = excluded.scope, decided_by = excluded.decided_by, granted_at = excluded.granted_at,
    state = 'granted'
