-- The new size, if it still was the old one.
UPDATE ledger_shard SET size = $2 WHERE authority = $1 AND size = $3;
