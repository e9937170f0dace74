-- Authorities with leaves to number, in one order for all sequencers.
SELECT DISTINCT authority FROM ledger_leaf WHERE position IS NULL ORDER BY authority;
