-- Drops attempts that lock nothing any more.
DELETE FROM auth_attempt WHERE at < $1
