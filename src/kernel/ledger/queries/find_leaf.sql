-- The leaf of an event and, unless it was destroyed, its salt.
SELECT l.authority, l.commitment, l.position, s.salt FROM ledger_leaf l
LEFT JOIN ledger_salt s ON s.event_id = l.event_id WHERE l.event_id = $1;
