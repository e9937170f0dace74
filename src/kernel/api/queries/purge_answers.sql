-- Answers that belong to no case and are past their keeping.
DELETE FROM api_idempotency WHERE subject = '' AND at < $1
