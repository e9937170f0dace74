-- After this nobody can show what the leaf was.
DELETE FROM ledger_salt WHERE event_id = $1;
