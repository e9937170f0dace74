-- Counts an attempt before it is judged; from the fifth on the time stands still until the window ($3) has passed it.
INSERT INTO auth_attempt (login_hash, failed, at) VALUES ($1, 1, $2)
ON CONFLICT (login_hash) DO UPDATE SET
    failed = CASE WHEN auth_attempt.at < $3 THEN 1 ELSE auth_attempt.failed + 1 END,
    at = CASE WHEN auth_attempt.at >= $3 AND auth_attempt.failed >= 5 THEN auth_attempt.at ELSE $2 END
RETURNING failed, at
