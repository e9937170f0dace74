-- Another state; times of the great steps are set once.
UPDATE application_case SET state = $2, version = $3,
    submitted_at = CASE WHEN $2 = 'submitted' THEN $4 ELSE submitted_at END,
    licensed_at = CASE WHEN $2 = 'licensed' THEN $4 ELSE licensed_at END,
    completed_at = CASE WHEN $2 IN ('complete', 'complete_with_open_matters') THEN $4 ELSE completed_at END
WHERE id = $1
