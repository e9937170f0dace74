-- Automatic approval is off for a rule, type or place.
INSERT INTO review_switch (scope, value, from_at, until_at, reason, decided_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (scope, value, from_at) DO UPDATE SET until_at = excluded.until_at, reason = excluded.reason, decided_by = excluded.decided_by
