-- The content of one version.
SELECT content, digest FROM reference_dataset WHERE name = $1 AND version = $2
