-- A blank arrives.
INSERT INTO handover_blank (number, hall, state, received_by, changed_at) VALUES ($1, $2, 'free', $3, $4)
