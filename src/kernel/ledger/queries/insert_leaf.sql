-- A leaf without a number yet.
INSERT INTO ledger_leaf (event_id, authority, commitment, appended_at) VALUES ($1, $2, $3, $4);
