-- Remembers a nonce; no row changes where it was seen.
INSERT INTO exchange_nonce (key_id, nonce, at) VALUES ($1, $2, $3) ON CONFLICT (key_id, nonce) DO NOTHING
