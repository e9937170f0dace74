-- Once numbered, never again.
UPDATE ledger_leaf SET position = $2 WHERE event_id = $1 AND position IS NULL;
