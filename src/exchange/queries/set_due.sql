-- A message is to be sent: a first one, a new version, or the same once more. A track in doubt keeps its state "done".
UPDATE exchange_track
SET state = $2, version = $3, sends = $4, run = $5, delivery = $6, notes = $7, steps_done = $8, receipt = '', reasons = '[]',
    stuck = '', due_at = $9, pushed_at = NULL, received_at = NULL, ended_at = CAST($10 AS BIGINT)
WHERE id = $1
