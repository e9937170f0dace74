-- One question and its answer.
SELECT * FROM identity_verification WHERE id = $1
