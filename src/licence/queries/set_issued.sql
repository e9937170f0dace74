-- The licence is out.
UPDATE licence_licence SET state = 'valid', established = $2, issued_at = $3 WHERE case_id = $1
