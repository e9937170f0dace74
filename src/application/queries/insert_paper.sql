-- A paper of a revision; papers are made again when signing begins again.
INSERT INTO application_paper (case_id, revision, id, title, data_sm3, rendering_sm3, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (case_id, revision, id) DO UPDATE
SET title = excluded.title, data_sm3 = excluded.data_sm3, rendering_sm3 = excluded.rendering_sm3, blob = excluded.blob
