-- Takes the next number of a block; no row where it has just been used up.
UPDATE licence_pool_block SET next_number = next_number + 1
WHERE prefix = $1 AND from_number = $2 AND next_number < until_number
RETURNING next_number - 1 AS number
