-- Another state, place and holder; who comes back to a window has left its parcel.
UPDATE handover_item SET state = $3, place = $4, holder = $5, how = $6,
    parcel = CASE WHEN $3 = 'at_window' THEN '' ELSE parcel END, since = $7
WHERE case_id = $1 AND kind = $2
