-- The session of a token, with its account.
SELECT s.account, s.cookie, s.last_seen_at, s.expires_at, s.ended_at, a.person, a.state
FROM auth_session s JOIN auth_account a ON a.id = s.account
WHERE s.token_digest = $1
