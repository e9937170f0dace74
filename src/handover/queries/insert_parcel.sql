-- A parcel with its label.
INSERT INTO handover_parcel (label, case_id, hall, state, pieces, made_at) VALUES ($1, $2, $3, 'labelled', $4, $5)
