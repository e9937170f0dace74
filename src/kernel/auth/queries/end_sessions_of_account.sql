-- Ends all sessions of an account.
UPDATE auth_session SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL
