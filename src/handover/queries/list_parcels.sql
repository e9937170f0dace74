-- Parcels of a case, the first one first.
SELECT * FROM handover_parcel WHERE case_id = $1 ORDER BY made_at, label
