CREATE TABLE licence_pool (
    authority TEXT PRIMARY KEY,
    generation BIGINT NOT NULL
);

CREATE TABLE licence_pool_block (
    prefix TEXT NOT NULL,
    from_number BIGINT NOT NULL,
    until_number BIGINT NOT NULL,
    next_number BIGINT NOT NULL,
    authority TEXT NOT NULL REFERENCES licence_pool (authority),
    generation BIGINT NOT NULL,
    PRIMARY KEY (prefix, from_number),
    CONSTRAINT licence_pool_block_range CHECK (from_number < until_number AND next_number >= from_number AND next_number <= until_number)
);
CREATE INDEX licence_pool_block_by_authority ON licence_pool_block (authority, generation, from_number);

CREATE TABLE licence_licence (
    case_id TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    uscc TEXT NOT NULL UNIQUE,
    entity_type TEXT NOT NULL,
    name TEXT NOT NULL,
    type_text TEXT NOT NULL,
    type_code TEXT NOT NULL,
    person_label TEXT NOT NULL,
    person TEXT NOT NULL,
    capital_label TEXT NOT NULL,
    capital_text TEXT NOT NULL,
    capital_fen BIGINT NOT NULL,
    place_label TEXT NOT NULL,
    place TEXT NOT NULL,
    scope TEXT NOT NULL,
    authority TEXT NOT NULL,
    authority_name TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    established TEXT,
    issued_at BIGINT,
    state TEXT NOT NULL CONSTRAINT licence_licence_state CHECK (state IN ('granted', 'recalled', 'valid', 'noted',
        'revoked', 'cancelled', 'restored')),
    version BIGINT NOT NULL,
    CONSTRAINT licence_licence_issued CHECK (state IN ('granted', 'recalled') OR (established IS NOT NULL AND issued_at IS NOT NULL))
);

CREATE TABLE licence_file (
    case_id TEXT NOT NULL REFERENCES licence_licence (case_id),
    kind TEXT NOT NULL CONSTRAINT licence_file_kind CHECK (kind IN ('original', 'duplicate')),
    version BIGINT NOT NULL,
    blob TEXT NOT NULL,
    sm3 TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (case_id, kind, version)
);
CREATE INDEX licence_file_by_digest ON licence_file (sm3);
