-- Numbered leaves and full subtrees of an authority.
SELECT (SELECT COUNT(*) FROM ledger_leaf WHERE authority = $1 AND position IS NOT NULL) AS leaves,
       (SELECT COUNT(*) FROM ledger_node WHERE authority = $1) AS nodes;
