-- Locks a case's timeline, so that what is decided next rests on what stays true.
UPDATE progress_timeline SET next_sequence = next_sequence WHERE case_id = $1;
