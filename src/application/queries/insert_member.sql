-- A person with a part in the case.
INSERT INTO application_member (case_id, person, capacity, added_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (case_id, person, capacity) DO NOTHING
