-- Ends a session.
UPDATE auth_session SET ended_at = $2 WHERE token_digest = $1 AND ended_at IS NULL
