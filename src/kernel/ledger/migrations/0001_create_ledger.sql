-- One leaf an event; numbered after the commit of its cause, so that no writer waits for another.
CREATE TABLE ledger_shard (
    authority TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    CONSTRAINT ledger_shard_size CHECK (size >= 0)
);

CREATE TABLE ledger_leaf (
    event_id TEXT NOT NULL PRIMARY KEY,
    authority TEXT NOT NULL,
    commitment BLOB NOT NULL,
    appended_at BIGINT NOT NULL,
    position BIGINT,
    CONSTRAINT ledger_leaf_numbered_once UNIQUE (authority, position),
    CONSTRAINT ledger_leaf_position CHECK (position >= 0)
);

CREATE INDEX ledger_leaf_unnumbered ON ledger_leaf (authority, appended_at, event_id) WHERE position IS NULL;

-- Apart from the leaf: deleting the salt makes the commitment say nothing more of its event (PIPL 47).
CREATE TABLE ledger_salt (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES ledger_leaf (event_id),
    salt BLOB NOT NULL
);

-- Full subtrees of 2^level leaves, level >= 1, named by the last leaf that they cover.
CREATE TABLE ledger_node (
    authority TEXT NOT NULL,
    last_leaf BIGINT NOT NULL,
    level BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (authority, last_leaf, level)
);
