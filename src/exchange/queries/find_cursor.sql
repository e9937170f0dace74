-- How far an agency's register was read.
SELECT cursor FROM exchange_cursor WHERE connection = $1
