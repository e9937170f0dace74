-- The next blank of a hall.
SELECT number FROM handover_blank WHERE hall = $1 AND state = 'free' ORDER BY number LIMIT 1
