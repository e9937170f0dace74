-- One case.
SELECT * FROM application_case WHERE id = $1
