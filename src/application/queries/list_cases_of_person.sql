-- Cases that a person opened or has a part in.
SELECT * FROM application_case WHERE person = $1 OR id IN (SELECT case_id FROM application_member WHERE person = $1)
ORDER BY opened_at DESC, id LIMIT 200
