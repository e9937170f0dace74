-- The leaf of a number.
SELECT commitment FROM ledger_leaf WHERE authority = $1 AND position = $2;
