-- Takes the row's lock and reads it.
UPDATE application_case SET version = version WHERE id = $1 RETURNING *
