-- One notice.
SELECT id, channel, case_id, person, template, arguments, state, attempts, created_at FROM notice_notice WHERE id = $1;
