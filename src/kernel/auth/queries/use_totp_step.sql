-- Uses up a step of the second factor; no row changes if it, or a later one, was used already.
UPDATE auth_account SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 AND state = 'active'
