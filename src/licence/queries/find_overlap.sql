-- A block of any authority that shares a number with a range.
SELECT authority FROM licence_pool_block WHERE prefix = $1 AND from_number < $3 AND until_number > $2 LIMIT 1
