-- Holds whose time is over.
SELECT id, full_name, case_id, scope_code, industry_class
FROM naming_name
WHERE status = 'held' AND until_ms <= $1
ORDER BY id
LIMIT $2
