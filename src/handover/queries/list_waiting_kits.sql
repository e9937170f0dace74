-- Cases of which things have waited at a window since before a time although their kit is complete, in order.
SELECT i.case_id, i.hall, MIN(i.since) AS since FROM handover_item i JOIN handover_kit k ON k.case_id = i.case_id
WHERE i.state = 'at_window' AND i.destination <> 'post' AND i.since <= $1 AND k.completed_at <= $1
AND (i.case_id > $2 OR (i.case_id = $2 AND i.hall > $3))
GROUP BY i.case_id, i.hall ORDER BY i.case_id, i.hall LIMIT $4
