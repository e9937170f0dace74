-- Notices of a case, in order.
SELECT id, channel, person, template, state, attempts, created_at, sent_at, provider_id FROM notice_notice
WHERE case_id = $1 ORDER BY created_at, id;
