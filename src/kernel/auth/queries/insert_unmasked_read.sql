-- One look at personal data, or one refused attempt.
INSERT INTO auth_unmasked_read (id, at, account, person, fields, case_id, reason, refused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
