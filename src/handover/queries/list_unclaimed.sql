-- Things that have waited at a window for their receiver since before a time, the longest first.
SELECT i.*, k.business_name, k.case_number FROM handover_item i JOIN handover_kit k ON k.case_id = i.case_id
WHERE i.hall = $1 AND i.state = 'at_window' AND i.destination <> 'post' AND i.since <= $2 ORDER BY i.since, i.code LIMIT $3
