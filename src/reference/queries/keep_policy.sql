-- Remembers the parts of a policy version; a repeat changes nothing.
INSERT INTO reference_policy (version, parts, first_used_at)
VALUES ($1, $2, $3)
ON CONFLICT (version) DO NOTHING
