-- A 一次性告知.
INSERT INTO review_notice (case_id, number, examination, officer, items, given_at) VALUES ($1, $2, $3, $4, $5, $6)
