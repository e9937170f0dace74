-- The open order of a track ends.
UPDATE seals_order SET state = $2, ended_at = $3 WHERE track = $1 AND state = 'open'
