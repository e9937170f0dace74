-- Automatic approval is off for a rule, type or place.
INSERT INTO review_switch (id, scope, value, from_at, until_at, reason, decided_by, role) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
