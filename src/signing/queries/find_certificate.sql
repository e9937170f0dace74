-- One order.
SELECT * FROM signing_certificate WHERE id = $1
