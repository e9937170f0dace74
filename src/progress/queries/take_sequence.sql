-- The next number of a case's timeline; locks its row until the commit.
UPDATE progress_timeline SET next_sequence = next_sequence + 1 WHERE case_id = $1
RETURNING next_sequence - 1 AS sequence, authority;
