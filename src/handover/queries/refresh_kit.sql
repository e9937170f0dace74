-- The kit's state follows from its things.
UPDATE handover_kit SET state = CASE
    WHEN NOT EXISTS (SELECT 1 FROM handover_item WHERE case_id = $1 AND state <> 'handed_over') THEN 'handed_over'
    WHEN NOT EXISTS (SELECT 1 FROM handover_item WHERE case_id = $1 AND state <> 'handed_over'
                     AND NOT (state = 'at_window' AND destination <> 'post')) THEN 'complete'
    ELSE 'open' END
WHERE case_id = $1
