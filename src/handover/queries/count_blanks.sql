-- How many a hall has in each state.
SELECT state, COUNT(*) AS blanks FROM handover_blank WHERE hall = $1 GROUP BY state ORDER BY state
