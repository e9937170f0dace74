-- Changes nothing, but holds the row until commit: one sequencer a shard, and it sees what the last one did.
UPDATE ledger_shard SET size = size WHERE authority = $1 RETURNING size;
