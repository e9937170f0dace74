-- Sessions that are past and past their keeping, of whatever account.
DELETE FROM auth_session WHERE expires_at < $1
