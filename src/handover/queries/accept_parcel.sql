-- The courier's acceptance scan.
UPDATE handover_parcel SET state = 'accepted', tracking = $2, courier = $3, accepted_at = $4 WHERE label = $1
