-- Where the timelines of some cases stand; one round of the event streams asks for 16 at a time.
SELECT case_id, next_sequence FROM progress_timeline
WHERE case_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);
