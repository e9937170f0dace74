-- A full subtree.
SELECT hash FROM ledger_node WHERE authority = $1 AND last_leaf = $2 AND level = $3;
