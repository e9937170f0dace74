-- Opens a case.
INSERT INTO application_case (id, number, entity_type, county, authority, account, person, policy_version, state, version, revision, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'drafting', $9, 0, $10)
