-- The orders of a track, oldest first.
SELECT id, case_id, track, maker, decided_by, district, basis, state, ordered_at, ended_at
FROM seals_order WHERE track = $1 ORDER BY ordered_at, id
