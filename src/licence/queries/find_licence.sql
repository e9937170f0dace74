-- The licence of a case, granted or issued.
SELECT * FROM licence_licence WHERE case_id = $1
