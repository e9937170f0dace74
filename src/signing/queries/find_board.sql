-- The board of a case.
SELECT * FROM signing_board WHERE case_id = $1
