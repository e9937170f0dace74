-- One case by its printed number.
SELECT * FROM application_case WHERE number = $1
