-- What the agency's register should have: sent in this period, or still open; places from $2 to before $3.
SELECT * FROM exchange_track
WHERE agency = $1 AND place >= $2 AND place < $3 AND version > 0
  AND (received_at >= $4 OR state IN ('pushed', 'received', 'accepted') OR in_doubt = 1)
ORDER BY id
