-- Cases before the licence whose hold ends until a time, in order of id.
SELECT id FROM application_case
WHERE name_hold_until <= $1 AND id > $2 AND state IN ('drafting', 'signing', 'submitted', 'reviewing', 'returned')
ORDER BY id LIMIT $3
