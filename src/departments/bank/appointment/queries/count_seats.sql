-- How many seats are taken at each slot of a branch's day.
SELECT slot, COUNT(*) AS seats FROM appointment_slot WHERE branch = $1 AND day = $2 GROUP BY slot
