-- Opens the timeline of a case under its authority.
INSERT INTO progress_timeline (case_id, authority, next_sequence) VALUES ($1, $2, 1);
