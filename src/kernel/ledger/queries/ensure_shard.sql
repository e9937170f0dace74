-- The shard's row, if it is the first time.
INSERT INTO ledger_shard (authority, size) VALUES ($1, 0) ON CONFLICT (authority) DO NOTHING;
