-- A right of an account.
INSERT INTO auth_grant (account, role, region, unit) VALUES ($1, $2, $3, $4)
