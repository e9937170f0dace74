-- Papers of the newest revision that has any.
SELECT * FROM application_paper WHERE case_id = $1
AND revision = (SELECT MAX(revision) FROM application_paper WHERE case_id = $1) ORDER BY id
