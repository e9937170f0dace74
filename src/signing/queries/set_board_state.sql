-- Ends the board: its time has passed, or the case was given up.
UPDATE signing_board SET state = $2 WHERE case_id = $1
