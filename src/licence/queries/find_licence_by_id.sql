-- An issued licence by its certificate identifier.
SELECT * FROM licence_licence WHERE id = $1 AND issued_at IS NOT NULL
