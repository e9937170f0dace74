-- A thing that is expected.
INSERT INTO handover_item (case_id, kind, code, state, hall, destination, holder, since)
VALUES ($1, $2, $3, 'expected', $4, $5, $6, $7)
