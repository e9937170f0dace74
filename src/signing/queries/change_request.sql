-- A request's new state.
UPDATE signing_request SET state = $2, reason = $3, changed_at = $4, sequence = $5 WHERE id = $1
