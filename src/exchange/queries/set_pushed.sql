-- The message of this version is on its way.
UPDATE exchange_track SET state = $2, pushed_at = $3 WHERE id = $1
