-- One person by id.
SELECT * FROM identity_person WHERE id = $1
