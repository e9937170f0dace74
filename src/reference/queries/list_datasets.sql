-- Every stored version, newest first within its name; without the contents.
SELECT name, version, valid_from, valid_until, origin, citation, digest, imported_at, imported_by
FROM reference_dataset
ORDER BY name, version DESC
