-- It came into being, or another one in its place.
UPDATE handover_item SET number = $3, state = 'made', place = $4, holder = $5, made_by = $5, how = '', parcel = '', since = $6
WHERE case_id = $1 AND kind = $2
