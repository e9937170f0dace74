-- The content that was taken under this name.
SELECT content_sm3 FROM exchange_answer WHERE track = $1 AND version = $2 AND answer = $3
