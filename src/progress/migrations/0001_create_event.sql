-- The timeline of a case and its events; `next_sequence` is the row lock that keeps numbers gapless.
CREATE TABLE progress_timeline (
    case_id TEXT NOT NULL PRIMARY KEY,
    authority TEXT NOT NULL,
    next_sequence BIGINT NOT NULL,
    CONSTRAINT progress_timeline_sequence CHECK (next_sequence >= 1)
);

-- `data` is canonical JSON, `sensitive` is sealed with the place "progress_event:<id>".
CREATE TABLE progress_event (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL,
    sensitive BLOB,
    CONSTRAINT progress_event_sequence UNIQUE (case_id, sequence),
    CONSTRAINT progress_event_case FOREIGN KEY (case_id) REFERENCES progress_timeline (case_id)
);
