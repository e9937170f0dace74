-- The newest copy of a kind.
SELECT * FROM licence_file WHERE case_id = $1 AND kind = $2 ORDER BY version DESC LIMIT 1
