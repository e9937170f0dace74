-- One examination of one revision.
INSERT INTO review_examination (id, case_id, revision, policy_version, pack_version, basis_sm3, outcome, basis, examined_at, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
