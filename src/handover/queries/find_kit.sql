-- The kit of a case.
SELECT * FROM handover_kit WHERE case_id = $1
