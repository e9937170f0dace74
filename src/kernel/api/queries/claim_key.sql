-- Takes a key before its command runs; no row changes where an earlier request has it. A twin waits here.
INSERT INTO api_idempotency (account, key, operation, body_digest, status, subject, at)
VALUES ($1, $2, $3, $4, 0, '', $5)
ON CONFLICT (account, key) DO NOTHING
