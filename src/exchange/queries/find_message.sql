-- The message of a version.
SELECT body, payload_sm3 FROM exchange_message WHERE track = $1 AND version = $2
