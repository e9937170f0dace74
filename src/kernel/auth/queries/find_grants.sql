-- All rights of an account.
SELECT role, region, unit FROM auth_grant WHERE account = $1 ORDER BY role, region, unit
