-- Durable work. `due_at` is when somebody may take the job: the time to run while it is ready, the end of the
-- lease while it runs, NULL once it has ended.
CREATE TABLE job_queue (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    job_key TEXT,
    arguments TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    holder TEXT NOT NULL,
    problem TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    due_at BIGINT,
    ended_at BIGINT,
    CONSTRAINT job_queue_id PRIMARY KEY (id),
    CONSTRAINT job_queue_state_known CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
    CONSTRAINT job_queue_due_while_open CHECK ((state IN ('ready', 'running')) = (due_at IS NOT NULL))
);
CREATE UNIQUE INDEX job_queue_key ON job_queue (job_key);
CREATE INDEX job_queue_due ON job_queue (kind, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX job_queue_states ON job_queue (state, kind, due_at);

-- The kinds that some node has a worker for: one look finds the first due job of each.
CREATE TABLE job_kind (
    kind TEXT NOT NULL,
    CONSTRAINT job_kind_key PRIMARY KEY (kind)
);
