-- Ends the life of a case's keys.
DELETE FROM api_idempotency WHERE subject = $1
