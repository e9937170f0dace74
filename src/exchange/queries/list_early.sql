-- Parked answers of a version, in the order in which they came.
SELECT answer, body FROM exchange_early WHERE track = $1 AND version = $2 ORDER BY at, answer
