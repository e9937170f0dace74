-- A switch is lifted.
UPDATE review_switch SET until_at = $2, lifted_by = $3, lifted_reason = $4 WHERE id = $1
