-- A clock that became amber or red.
UPDATE progress_clock SET colour = $3 WHERE case_id = $1 AND subject = $2;
