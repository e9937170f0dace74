-- Timelines in order of case, page by page.
SELECT case_id, authority FROM progress_timeline WHERE case_id > $1 ORDER BY case_id LIMIT $2;
