-- The subtrees that became full with a page of leaves.
SELECT last_leaf, level, hash FROM ledger_node
WHERE authority = $1 AND last_leaf >= $2 AND last_leaf < $3 ORDER BY last_leaf, level;
