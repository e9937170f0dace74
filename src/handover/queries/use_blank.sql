-- A licence is printed on it. A replay may have no stock, so the row is made there.
INSERT INTO handover_blank (number, hall, state, authority, used_for, kind, changed_at) VALUES ($1, $2, 'used', $3, $4, $5, $6)
ON CONFLICT (number) DO UPDATE SET state = 'used', authority = excluded.authority, used_for = excluded.used_for,
    kind = excluded.kind, changed_at = excluded.changed_at
WHERE handover_blank.state = 'free' AND handover_blank.hall = excluded.hall
