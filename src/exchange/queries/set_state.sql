-- Moves a track, with what the move brings.
UPDATE exchange_track
SET state = $2, receipt = $3, number = $4, shown = $5, reasons = $6, officer = $7, steps_done = $8, late_steps_done = $9,
    in_doubt = $10, received_at = COALESCE(received_at, CAST($11 AS BIGINT)), ended_at = CAST($12 AS BIGINT)
WHERE id = $1
