-- Does the database answer?
SELECT 1 AS one
