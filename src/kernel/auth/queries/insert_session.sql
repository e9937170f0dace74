-- Opens a session; the token itself is not stored.
INSERT INTO auth_session (token_digest, account, cookie, opened_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $4, $4, $5)
