-- Human review wanted; submit by itself after the last signature.
UPDATE application_case SET human_review = $2, auto_submit = $3, version = $4 WHERE id = $1
