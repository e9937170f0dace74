-- Opens a track, or looks again at one that was not sent yet.
INSERT INTO exchange_track (id, case_id, case_number, matter, agency, place, stage, state, version, sends, run, delivery,
    starts_after, notes, steps_done, late_steps_done, receipt, number, shown, reasons, officer, in_doubt, stuck, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 1, '', $9, $10, 0, 0, '', '', '{}', '[]', '', 0, '', $11)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, starts_after = excluded.starts_after, notes = excluded.notes
