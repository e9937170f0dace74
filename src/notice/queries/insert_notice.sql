-- A notice, unless one with this key was ordered before.
INSERT INTO notice_notice (id, notice_key, channel, case_id, person, template, arguments, state, attempts, created_at,
    sent_at, provider_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, NULL, '')
ON CONFLICT (notice_key, channel) DO NOTHING;
