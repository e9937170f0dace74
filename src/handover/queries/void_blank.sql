-- It can be used no more.
UPDATE handover_blank SET state = 'voided', void_reason = $2, changed_at = $3 WHERE number = $1
