-- Drops an account's sessions that are past and past their keeping.
DELETE FROM auth_session WHERE account = $1 AND expires_at < $2
