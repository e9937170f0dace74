-- Some node has a worker for this kind.
INSERT INTO job_kind (kind) VALUES ($1) ON CONFLICT (kind) DO NOTHING
