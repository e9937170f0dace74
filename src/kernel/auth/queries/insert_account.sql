-- A new account, active.
INSERT INTO auth_account (id, login, display_name, person, password_hash, totp_sealed, totp_last_step, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, 'active', $7)
