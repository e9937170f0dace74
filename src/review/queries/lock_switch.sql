-- A switch, locked until the transaction ends.
UPDATE review_switch SET value = value WHERE id = $1 RETURNING *
