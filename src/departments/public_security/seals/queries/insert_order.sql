-- A maker gets an order.
INSERT INTO seals_order (id, case_id, track, maker, decided_by, district, basis, state, ordered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)
