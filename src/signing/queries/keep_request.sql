-- A request whose papers did not change; the key in the form and the place on the board may have.
UPDATE signing_request SET person_key = $2, ordinal = $3, papers = $4, sequence = $5 WHERE id = $1
