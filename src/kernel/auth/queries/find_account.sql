-- An account as its owner and the officers see it.
SELECT id, login, display_name, person, state FROM auth_account WHERE id = $1
