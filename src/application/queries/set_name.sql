-- The name that is held for the case; empty when it was given up.
UPDATE application_case SET business_name = $2, name_hold = $3, name_hold_until = $4, version = $5 WHERE id = $1
