-- A prerequisite is there.
INSERT INTO exchange_happened (case_id, what, at) VALUES ($1, $2, $3)
