-- The newest version of a name; no row where there is none.
SELECT version FROM reference_dataset WHERE name = $1 ORDER BY version DESC LIMIT 1
