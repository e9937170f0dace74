-- Names, numbers and mobiles are sealed; a person is found by the keyed hash of the document.
CREATE TABLE identity_person (
    id TEXT PRIMARY KEY,
    document_hash TEXT NOT NULL UNIQUE,
    id_type TEXT NOT NULL,
    name BLOB NOT NULL,
    id_number BLOB NOT NULL,
    mobile BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One question to the identity service: at a login, or again by somebody who is logged in. The code is sealed and
-- forgotten with the answer.
CREATE TABLE identity_verification (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CONSTRAINT identity_verification_purpose CHECK (purpose IN ('login', 'verification')),
    state TEXT NOT NULL CONSTRAINT identity_verification_state CHECK (state IN ('pending', 'verified', 'refused')),
    asked_by TEXT NOT NULL,
    cookie BIGINT NOT NULL,
    code BLOB,
    person TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL DEFAULT '',
    level TEXT NOT NULL DEFAULT '',
    evidence_sm3 TEXT NOT NULL DEFAULT '',
    service_at BIGINT,
    reason TEXT NOT NULL DEFAULT '',
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    fetched_at BIGINT
);
CREATE INDEX identity_verification_by_person ON identity_verification (person, answered_at);
