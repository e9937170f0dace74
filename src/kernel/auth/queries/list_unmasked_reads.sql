-- Looks at personal data, newest first; each filter is empty for all.
SELECT u.id, u.at, u.account, a.display_name, u.person, u.fields, u.case_id, u.reason, u.refused
FROM auth_unmasked_read u LEFT JOIN auth_account a ON a.id = u.account
WHERE ($1 = '' OR u.account = $1) AND ($2 = '' OR u.person = $2) AND ($3 = '' OR u.id < $3)
ORDER BY u.id DESC LIMIT 100
