-- A kit that has just been opened.
INSERT INTO handover_kit (case_id, case_number, business_name, authority, hall, state, code, policies, opened_at)
VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)
