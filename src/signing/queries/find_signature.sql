-- One signature.
SELECT * FROM signing_signature WHERE id = $1
