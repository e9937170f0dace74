-- The newest opening of the board of a case: what is to be signed, until when.
CREATE TABLE signing_board (
    case_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT signing_board_state CHECK (state IN ('open', 'passed', 'closed')),
    opened_at BIGINT NOT NULL
);

-- One human in one capacity for one principal. The human is a document's keyed hash: known before the first login.
CREATE TABLE signing_request (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    person_key TEXT NOT NULL,
    document_hash TEXT NOT NULL,
    capacity TEXT NOT NULL,
    principal TEXT NOT NULL,
    verified_only BIGINT NOT NULL,
    papers TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT signing_request_state CHECK (state IN ('open', 'seen', 'signed', 'declined',
        'replaced', 'void', 'withdrawn_by_signer')),
    reason TEXT NOT NULL DEFAULT '',
    signature TEXT NOT NULL DEFAULT '',
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL
);
CREATE INDEX signing_request_by_case ON signing_request (case_id, ordinal);
CREATE INDEX signing_request_by_document ON signing_request (document_hash, state);

-- A signature with all that a stranger needs to check it; the certificate names its holder and is sealed. A person who
-- is only verified leaves the evidence and no statement.
CREATE TABLE signing_signature (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    statement TEXT NOT NULL,
    signature BLOB NOT NULL,
    certificate_id TEXT NOT NULL,
    certificate BLOB NOT NULL,
    evidence_sm3 TEXT NOT NULL,
    method TEXT NOT NULL,
    level TEXT NOT NULL,
    verified_at BIGINT NOT NULL,
    signed_at BIGINT NOT NULL
);
CREATE INDEX signing_signature_by_case ON signing_signature (case_id);

-- Orders to the certification authority: work in hand like a job, not part of the timeline; what was used for a
-- signature is kept with it.
CREATE TABLE signing_certificate (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    document_hash TEXT NOT NULL,
    public_key TEXT NOT NULL,
    binding TEXT NOT NULL,
    evidence_sm3 TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT signing_certificate_state CHECK (state IN ('pending', 'issued', 'refused')),
    certificate BLOB,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX signing_certificate_by_request ON signing_certificate (request, asked_at);
CREATE INDEX signing_certificate_by_key ON signing_certificate (public_key);
