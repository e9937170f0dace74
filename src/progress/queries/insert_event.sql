-- One line of a timeline.
INSERT INTO progress_event (id, case_id, sequence, kind, actor, at, data, sensitive)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
