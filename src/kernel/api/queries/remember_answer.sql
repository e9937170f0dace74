-- Keeps the answer of a command beside its effect.
UPDATE api_idempotency SET status = $3, answer_sealed = $4, subject = $5
WHERE account = $1 AND key = $2
