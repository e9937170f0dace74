-- The newest order of a request.
SELECT * FROM signing_certificate WHERE request = $1 ORDER BY asked_at DESC, id DESC LIMIT 1
