-- The versions whose period covers a day, newest first within their name.
SELECT name, version, digest
FROM reference_dataset
WHERE valid_from <= $1 AND (valid_until IS NULL OR valid_until >= $1)
ORDER BY name, version DESC
