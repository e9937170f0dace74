-- A completed check of a person by its evidence.
SELECT * FROM identity_verification WHERE person = $1 AND state = 'verified' AND evidence_sm3 = $2
ORDER BY answered_at DESC, id DESC LIMIT 1
