-- Adds an entry to a scope's change feed.
INSERT INTO naming_change (scope_code, sequence, kind, name_id, industry_class, at_ms)
VALUES ($1, $2, $3, $4, $5, $6)
