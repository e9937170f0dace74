-- Ends one hold whose time is over.
UPDATE naming_name SET status = 'expired', version = version + 1
WHERE id = $1 AND status = 'held' AND until_ms <= $2
