-- One save of the form.
INSERT INTO application_revision (case_id, revision, facts, actor, saved_at) VALUES ($1, $2, $3, $4, $5)
