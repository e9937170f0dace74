-- Opens the board, or opens it again.
INSERT INTO signing_board (case_id, number, deadline, state, opened_at) VALUES ($1, $2, $3, 'open', $4)
ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, deadline = excluded.deadline, state = 'open',
    opened_at = excluded.opened_at
