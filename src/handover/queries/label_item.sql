-- It goes into a parcel.
UPDATE handover_item SET parcel = $3 WHERE case_id = $1 AND kind = $2
