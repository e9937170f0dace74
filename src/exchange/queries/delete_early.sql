-- A parked answer was used.
DELETE FROM exchange_early WHERE track = $1 AND version = $2 AND answer = $3
