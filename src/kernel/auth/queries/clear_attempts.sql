-- Forgets failed attempts after a success.
DELETE FROM auth_attempt WHERE login_hash = $1
