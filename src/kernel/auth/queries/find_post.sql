-- What a login is checked against.
SELECT id, password_hash, totp_sealed, totp_last_step, state FROM auth_account WHERE login = $1
