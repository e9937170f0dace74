-- One examination.
SELECT * FROM review_examination WHERE id = $1
