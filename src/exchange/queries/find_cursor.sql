-- How far an agency's register was read.
SELECT cursor FROM exchange_cursor WHERE agency = $1 AND region = $2
