-- The orders of a time in the counties of a city, in order, after one of them.
SELECT id, maker, decided_by, district, basis, state, ordered_at, ended_at FROM seals_order
WHERE ordered_at >= $1 AND ordered_at < $2 AND district >= $3 AND district < $4 AND id > $5 ORDER BY id LIMIT $6
