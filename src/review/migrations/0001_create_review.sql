CREATE TABLE review_examination (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    policy_version TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    basis_sm3 TEXT NOT NULL,
    outcome TEXT NOT NULL CONSTRAINT review_examination_outcome CHECK (outcome IN ('pass', 'refer')),
    basis BLOB NOT NULL,
    examined_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL
);
CREATE INDEX review_examination_by_case ON review_examination (case_id, sequence);

CREATE TABLE review_finding (
    examination TEXT NOT NULL REFERENCES review_examination (id),
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    citation TEXT NOT NULL,
    verdict TEXT NOT NULL CONSTRAINT review_finding_verdict CHECK (verdict IN ('pass', 'refer')),
    inputs TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (examination, rule)
);

CREATE TABLE review_subject (
    kind TEXT NOT NULL CONSTRAINT review_subject_kind CHECK (kind IN ('address', 'person')),
    hash TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (kind, hash, case_id)
);

CREATE TABLE review_task (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT review_task_kind CHECK (kind IN ('decision', 'recheck')),
    authority TEXT NOT NULL,
    county TEXT NOT NULL,
    rules TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT review_task_state CHECK (state IN ('open', 'granted', 'returned', 'refused', 'confirmed', 'objected',
        'void')),
    preferred TEXT NOT NULL DEFAULT '',
    officer TEXT NOT NULL DEFAULT '',
    locked_until BIGINT,
    referred_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX review_task_open ON review_task (state, authority, referred_at, id);
CREATE INDEX review_task_by_case ON review_task (case_id, referred_at);

CREATE TABLE review_notice (
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    examination TEXT NOT NULL REFERENCES review_examination (id),
    officer TEXT NOT NULL,
    items TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, number)
);

CREATE TABLE review_list (
    kind TEXT NOT NULL CONSTRAINT review_list_kind CHECK (kind IN ('dishonest', 'false_registration', 'disqualified')),
    document_hash TEXT NOT NULL,
    until_at BIGINT,
    source TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (kind, document_hash, source)
);

CREATE TABLE review_switch (
    scope TEXT NOT NULL CONSTRAINT review_switch_scope CHECK (scope IN ('rule', 'type', 'place')),
    value TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (scope, value, from_at)
);

CREATE TABLE review_officer (
    account TEXT PRIMARY KEY,
    document_hash TEXT NOT NULL
);
