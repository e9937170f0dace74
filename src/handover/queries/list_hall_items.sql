-- Things that a hall's window expects or has, after a code.
SELECT i.*, k.business_name, k.case_number FROM handover_item i JOIN handover_kit k ON k.case_id = i.case_id
WHERE i.hall = $1 AND (CAST($2 AS TEXT) = '' OR i.state = $2) AND i.code > $3 ORDER BY i.code LIMIT $4
