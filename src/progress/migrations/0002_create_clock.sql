-- What a case, a stage or a track may take. Limits are working minutes, or working days for the law's clock.
CREATE TABLE progress_clock (
    case_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    hall TEXT NOT NULL,
    limit_minutes BIGINT NOT NULL,
    limit_workdays BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    phase BIGINT NOT NULL,
    phase_since BIGINT NOT NULL,
    span_number BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    used_workdays BIGINT NOT NULL,
    due_at BIGINT,
    amber_at BIGINT,
    colour TEXT NOT NULL,
    late BIGINT NOT NULL,
    stopped_at BIGINT,
    PRIMARY KEY (case_id, subject),
    CONSTRAINT progress_clock_state CHECK (state IN ('running', 'paused', 'stopped')),
    CONSTRAINT progress_clock_colour CHECK (colour IN ('green', 'amber', 'red')),
    CONSTRAINT progress_clock_stopped CHECK ((state = 'stopped') = (stopped_at IS NOT NULL))
);

CREATE INDEX progress_clock_period ON progress_clock (started_at, subject);

-- Spans of one clock touch: each begins where the one before ended. Only the last may be open.
CREATE TABLE progress_span (
    case_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    number BIGINT NOT NULL,
    holder TEXT NOT NULL,
    counts BIGINT NOT NULL,
    reason TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    working_ms BIGINT NOT NULL,
    PRIMARY KEY (case_id, subject, number),
    CONSTRAINT progress_span_order CHECK (until_at IS NULL OR until_at >= from_at),
    CONSTRAINT progress_span_clock FOREIGN KEY (case_id, subject) REFERENCES progress_clock (case_id, subject)
);
