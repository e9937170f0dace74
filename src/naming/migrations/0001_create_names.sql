-- Names of the register and names in hold. until_ms: the first instant at which the row blocks nobody any more.
CREATE TABLE naming_name (
    id TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    core TEXT NOT NULL,
    declared_core TEXT NOT NULL,
    industry TEXT NOT NULL,
    industry_class TEXT NOT NULL,
    has_no_industry BIGINT NOT NULL,
    region TEXT NOT NULL,
    region_code TEXT NOT NULL,
    form TEXT NOT NULL,
    branch_suffix TEXT NOT NULL,
    authority_code TEXT NOT NULL,
    scope_code TEXT NOT NULL,
    status TEXT NOT NULL,
    until_ms BIGINT,
    case_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT naming_name_status CHECK (status IN
        ('held', 'registered', 'released', 'expired', 'cancelled', 'renamed', 'revoked')),
    CONSTRAINT naming_name_held_until CHECK (status <> 'held' OR until_ms IS NOT NULL)
);

CREATE INDEX naming_name_core ON naming_name (core, scope_code);
CREATE INDEX naming_name_full_name ON naming_name (full_name);
CREATE INDEX naming_name_case ON naming_name (case_id);
CREATE INDEX naming_name_due ON naming_name (status, until_ms);

-- Consents that lifted a conflict when the name was held (规定 arts. 15, 17).
CREATE TABLE naming_consent (
    name_id TEXT NOT NULL REFERENCES naming_name (id),
    entity_name TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    PRIMARY KEY (name_id, entity_name)
);

-- One row for each 字号 and each full name ever asked for in a province: its row lock orders check and hold.
CREATE TABLE naming_key (
    province_code TEXT NOT NULL,
    word TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (province_code, word)
);

-- The change feed: without gaps and in commit order inside a scope, because the counter's row stays locked
-- until commit.
CREATE TABLE naming_feed (
    scope_code TEXT PRIMARY KEY,
    last_sequence BIGINT NOT NULL
);

CREATE TABLE naming_change (
    scope_code TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name_id TEXT NOT NULL REFERENCES naming_name (id),
    industry_class TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (scope_code, sequence),
    CONSTRAINT naming_change_kind CHECK (kind IN
        ('held', 'registered', 'released', 'expired', 'cancelled', 'renamed', 'revoked'))
);
