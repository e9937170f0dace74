CREATE TABLE application_case (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    entity_type TEXT NOT NULL,
    county TEXT NOT NULL,
    authority TEXT NOT NULL,
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT application_case_state CHECK (state IN ('drafting', 'signing', 'submitted',
        'reviewing', 'returned', 'refused', 'withdrawn', 'expired', 'licensed', 'completing', 'complete',
        'complete_with_open_matters')),
    frozen BIGINT NOT NULL DEFAULT 0,
    frozen_reason TEXT,
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    human_review BIGINT NOT NULL DEFAULT 0,
    auto_submit BIGINT NOT NULL DEFAULT 0,
    business_name TEXT NOT NULL DEFAULT '',
    name_hold TEXT NOT NULL DEFAULT '',
    name_hold_until BIGINT,
    opened_at BIGINT NOT NULL,
    submitted_at BIGINT,
    licensed_at BIGINT,
    completed_at BIGINT
);
CREATE INDEX application_case_by_person ON application_case (person);
CREATE INDEX application_case_by_authority ON application_case (authority, state);

CREATE TABLE application_number (
    division TEXT NOT NULL,
    day TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (division, day)
);

CREATE TABLE application_revision (
    case_id TEXT NOT NULL REFERENCES application_case (id),
    revision BIGINT NOT NULL,
    facts BLOB NOT NULL,
    actor TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, revision)
);

CREATE TABLE application_member (
    case_id TEXT NOT NULL REFERENCES application_case (id),
    person TEXT NOT NULL,
    capacity TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, person, capacity)
);
CREATE INDEX application_member_by_person ON application_member (person);

CREATE TABLE application_paper (
    case_id TEXT NOT NULL REFERENCES application_case (id),
    revision BIGINT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    data_sm3 TEXT NOT NULL,
    rendering_sm3 TEXT NOT NULL,
    blob TEXT NOT NULL,
    PRIMARY KEY (case_id, revision, id)
);
