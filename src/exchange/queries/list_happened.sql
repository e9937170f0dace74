-- What has happened in a case.
SELECT what FROM exchange_happened WHERE case_id = $1 ORDER BY what
