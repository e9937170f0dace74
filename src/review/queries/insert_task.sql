-- A case for a registrar.
INSERT INTO review_task (id, case_id, kind, authority, county, rules, state, preferred, referred_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)
