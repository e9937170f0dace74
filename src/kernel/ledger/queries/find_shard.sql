-- How many leaves of the authority are numbered.
SELECT size FROM ledger_shard WHERE authority = $1;
