-- A subtree that became full.
INSERT INTO ledger_node (authority, last_leaf, level, hash) VALUES ($1, $2, $3, $4);
