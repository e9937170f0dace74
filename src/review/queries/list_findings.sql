-- What the rules found.
SELECT * FROM review_finding WHERE examination = $1 ORDER BY rule
