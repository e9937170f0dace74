-- Blanks of a hall that were used or voided, after a number.
SELECT b.*, COALESCE(k.case_number, '') AS case_number FROM handover_blank b LEFT JOIN handover_kit k ON k.case_id = b.used_for
WHERE b.hall = $1 AND b.state <> 'free' AND b.number > $2 ORDER BY b.number LIMIT $3
