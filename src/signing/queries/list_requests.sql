-- All requests of a case, in the board's order.
SELECT * FROM signing_request WHERE case_id = $1 ORDER BY ordinal, id
