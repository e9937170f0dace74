-- Whether somebody else has used this key.
SELECT id FROM signing_certificate WHERE public_key = $1 AND document_hash <> $2 LIMIT 1
