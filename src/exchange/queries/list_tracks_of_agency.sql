-- What an agency has before it, the longest waiting first; places from $2 to before $3.
SELECT * FROM exchange_track
WHERE agency = $1 AND place >= $2 AND place < $3
  AND (state IN ('due', 'pushed', 'received', 'accepted', 'needs_data', 'rejected') OR in_doubt = 1)
ORDER BY due_at NULLS LAST, id LIMIT 500
