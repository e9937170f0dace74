-- Everything in a kit, in the order of the codes.
SELECT * FROM handover_item WHERE case_id = $1 ORDER BY code
