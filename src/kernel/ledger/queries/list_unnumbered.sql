-- The next leaves to number.
SELECT event_id, commitment FROM ledger_leaf
WHERE authority = $1 AND position IS NULL ORDER BY appended_at, event_id LIMIT $2;
