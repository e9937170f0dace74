-- The newest revision of the form.
UPDATE application_case SET revision = $2, version = $3 WHERE id = $1
