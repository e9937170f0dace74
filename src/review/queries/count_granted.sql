-- Examinations in a time that the machine granted.
SELECT COUNT(*) AS granted FROM review_examination WHERE outcome = 'pass' AND examined_at >= $1 AND examined_at < $2
