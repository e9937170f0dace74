-- The agency's result, sealed.
UPDATE exchange_track SET result = $2 WHERE id = $1
