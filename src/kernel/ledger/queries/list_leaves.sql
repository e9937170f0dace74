-- A page of numbered leaves, for recomputing.
SELECT position, commitment FROM ledger_leaf
WHERE authority = $1 AND position >= $2 AND position < $3 ORDER BY position;
