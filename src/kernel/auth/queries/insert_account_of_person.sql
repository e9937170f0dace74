-- The account of a person, unless there is one.
INSERT INTO auth_account (id, display_name, person, totp_last_step, state, created_at)
VALUES ($1, '', $2, 0, 'active', $3)
ON CONFLICT (person) DO NOTHING
