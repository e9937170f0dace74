-- The grant did not become a licence; its code stays with the case.
UPDATE licence_licence SET state = 'recalled' WHERE case_id = $1
