-- On replay: no number that was given may be given again.
UPDATE licence_pool_block SET next_number = CASE WHEN next_number <= $2 THEN CAST($2 AS BIGINT) + 1 ELSE next_number END
WHERE prefix = $1 AND from_number <= $2 AND until_number > $2
