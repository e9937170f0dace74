-- Kits, their things, parcels; stock of blank forms for paper licences. `code` of a kit is sealed ("handover_kit.code:<case>").
CREATE TABLE handover_kit (
    case_id TEXT PRIMARY KEY,
    case_number TEXT NOT NULL UNIQUE,
    business_name TEXT NOT NULL,
    authority TEXT NOT NULL,
    hall TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT handover_kit_state CHECK (state IN ('open', 'complete', 'handed_over')),
    code BLOB NOT NULL,
    policies TEXT NOT NULL,
    parcels BIGINT NOT NULL DEFAULT 0,
    opened_at BIGINT NOT NULL,
    completed_at BIGINT
);

CREATE TABLE handover_item (
    case_id TEXT NOT NULL REFERENCES handover_kit (case_id),
    kind TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CONSTRAINT handover_item_state CHECK (state IN ('expected', 'made', 'at_window', 'handed_over',
        'lost', 'returned')),
    hall TEXT NOT NULL,
    destination TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    holder TEXT NOT NULL,
    made_by TEXT NOT NULL DEFAULT '',
    how TEXT NOT NULL DEFAULT '',
    parcel TEXT NOT NULL DEFAULT '',
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind)
);
CREATE INDEX handover_item_by_hall ON handover_item (hall, state, code);
CREATE INDEX handover_item_by_number ON handover_item (number);

CREATE TABLE handover_parcel (
    label TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES handover_kit (case_id),
    hall TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT handover_parcel_state CHECK (state IN ('labelled', 'accepted', 'replaced')),
    pieces BIGINT NOT NULL,
    tracking TEXT NOT NULL DEFAULT '',
    courier TEXT NOT NULL DEFAULT '',
    made_at BIGINT NOT NULL,
    accepted_at BIGINT
);
CREATE INDEX handover_parcel_by_case ON handover_parcel (case_id);

-- One row a hall: the lock under which blanks are taken.
CREATE TABLE handover_stock (
    hall TEXT PRIMARY KEY
);

-- `authority` and `used_for` are whose licence stands on a used blank; `kind` is which copy.
CREATE TABLE handover_blank (
    number TEXT PRIMARY KEY,
    hall TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT handover_blank_state CHECK (state IN ('free', 'used', 'voided')),
    authority TEXT NOT NULL DEFAULT '',
    used_for TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT '',
    void_reason TEXT NOT NULL DEFAULT '',
    received_by TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL
);
CREATE INDEX handover_blank_by_hall ON handover_blank (hall, state, number);
