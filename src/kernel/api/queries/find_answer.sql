-- The first answer given under a key.
SELECT body_digest, status, answer_sealed FROM api_idempotency
WHERE account = $1 AND key = $2
