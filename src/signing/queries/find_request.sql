-- One request.
SELECT * FROM signing_request WHERE id = $1
