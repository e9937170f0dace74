-- Keeps the message of a version; the first one stays.
INSERT INTO exchange_message (track, version, body, payload_sm3, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (track, version) DO NOTHING
