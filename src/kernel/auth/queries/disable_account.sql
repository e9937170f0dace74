-- Disables an account.
UPDATE auth_account SET state = 'disabled' WHERE id = $1
