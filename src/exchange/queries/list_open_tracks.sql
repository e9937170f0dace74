-- Tracks that somebody has to end, of places from $1 to before $2.
SELECT * FROM exchange_track
WHERE place >= $1 AND place < $2
  AND (state IN ('due', 'pushed', 'received', 'accepted', 'rejected') OR in_doubt = 1)
ORDER BY due_at NULLS LAST, id LIMIT 2000
