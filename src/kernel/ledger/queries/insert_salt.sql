-- What opens the commitment.
INSERT INTO ledger_salt (event_id, salt) VALUES ($1, $2);
