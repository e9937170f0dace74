-- Does the person have a part in the case?
SELECT capacity FROM application_member WHERE case_id = $1 AND person = $2
