-- Notes that a session is in use.
UPDATE auth_session SET last_seen_at = $2 WHERE token_digest = $1 AND last_seen_at < $2
