-- By the printed number of the case.
SELECT case_id FROM handover_kit WHERE case_number = $1
