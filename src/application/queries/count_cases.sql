-- How many cases there are, licensed, complete.
SELECT COUNT(*) AS cases, COUNT(licensed_at) AS licensed, COUNT(completed_at) AS complete FROM application_case
