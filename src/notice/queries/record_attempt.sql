-- What came of an attempt to send.
UPDATE notice_notice SET state = $2, attempts = $3, sent_at = $4, provider_id = $5 WHERE id = $1 AND state IN ('waiting', 'failed');
