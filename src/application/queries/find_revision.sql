-- The facts of one revision.
SELECT * FROM application_revision WHERE case_id = $1 AND revision = $2
