-- A request that was signed.
UPDATE signing_request SET state = 'signed', reason = '', signature = $2, changed_at = $3, sequence = $4 WHERE id = $1
