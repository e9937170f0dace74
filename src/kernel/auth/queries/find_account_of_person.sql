-- The account that belongs to a person.
SELECT id FROM auth_account WHERE person = $1
