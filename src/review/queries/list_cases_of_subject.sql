-- Other cases with the same address or person.
SELECT case_id FROM review_subject WHERE kind = $1 AND hash = $2 AND case_id <> $3 ORDER BY case_id LIMIT 200
