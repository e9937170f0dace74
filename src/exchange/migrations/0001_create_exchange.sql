-- A matter within one case. Written only by the events exchange.*.
CREATE TABLE exchange_track (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    case_number TEXT NOT NULL,
    matter TEXT NOT NULL,
    agency TEXT NOT NULL,
    place TEXT NOT NULL,
    stage BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT exchange_track_state CHECK (state IN ('waiting', 'due', 'pushed', 'received',
        'accepted', 'done', 'needs_data', 'rejected', 'not_applicable', 'deferred', 'closed_by_applicant')),
    version BIGINT NOT NULL,
    sends BIGINT NOT NULL,
    run BIGINT NOT NULL,
    delivery TEXT NOT NULL,
    starts_after TEXT NOT NULL,
    notes TEXT NOT NULL,
    steps_done BIGINT NOT NULL,
    late_steps_done BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    number TEXT NOT NULL,
    shown TEXT NOT NULL,
    reasons TEXT NOT NULL,
    officer TEXT NOT NULL,
    in_doubt BIGINT NOT NULL,
    stuck TEXT NOT NULL,
    result BLOB,
    opened_at BIGINT NOT NULL,
    due_at BIGINT,
    pushed_at BIGINT,
    received_at BIGINT,
    ended_at BIGINT,
    UNIQUE (case_id, matter)
);
CREATE INDEX exchange_track_by_agency ON exchange_track (agency, place, state);
CREATE INDEX exchange_track_by_number ON exchange_track (case_number, matter);

CREATE TABLE exchange_happened (
    case_id TEXT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, what)
);

-- What was taken, so that an equal repeat is known from a second answer with other content.
CREATE TABLE exchange_answer (
    track TEXT NOT NULL,
    version BIGINT NOT NULL,
    answer TEXT NOT NULL,
    content_sm3 TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (track, version, answer)
);

-- The message of a version, made once and sealed; evidence of what was sent. From here on logs, not written by events.
CREATE TABLE exchange_message (
    track TEXT NOT NULL,
    version BIGINT NOT NULL,
    body BLOB NOT NULL,
    payload_sm3 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (track, version)
);

-- One attempt to hand a message over.
CREATE TABLE exchange_delivery (
    id TEXT PRIMARY KEY,
    track TEXT NOT NULL,
    version BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    outcome TEXT NOT NULL CONSTRAINT exchange_delivery_outcome CHECK (outcome IN ('received', 'lost', 'busy',
        'refused', 'bad_reply', 'workbench')),
    status BIGINT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    next_at BIGINT
);
CREATE INDEX exchange_delivery_by_track ON exchange_delivery (track, at);

CREATE TABLE exchange_nonce (
    key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX exchange_nonce_by_time ON exchange_nonce (at);

-- Answers that came before what they follow.
CREATE TABLE exchange_early (
    track TEXT NOT NULL,
    version BIGINT NOT NULL,
    answer TEXT NOT NULL,
    body BLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (track, version, answer)
);

CREATE TABLE exchange_cursor (
    connection TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- One comparison of what we intended with what an agency's register holds.
CREATE TABLE exchange_reconciliation (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT NOT NULL,
    at BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    lies BIGINT NOT NULL,
    losses BIGINT NOT NULL,
    doubles BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    strangers BIGINT NOT NULL,
    findings TEXT NOT NULL
);
CREATE INDEX exchange_reconciliation_by_agency ON exchange_reconciliation (agency, region, at);
