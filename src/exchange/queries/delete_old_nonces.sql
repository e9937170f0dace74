-- Nonces that no signature in its window can carry any more.
DELETE FROM exchange_nonce WHERE at < $1
