-- Everything in a kit.
SELECT * FROM handover_item WHERE case_id = $1 ORDER BY code
