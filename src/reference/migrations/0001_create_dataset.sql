-- Versions of reference data. A row never changes: a correction is a new version.
CREATE TABLE reference_dataset (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    origin TEXT NOT NULL,
    citation TEXT NOT NULL,
    digest TEXT NOT NULL,
    content BLOB NOT NULL,
    imported_at BIGINT NOT NULL,
    imported_by TEXT NOT NULL,
    CONSTRAINT reference_dataset_key PRIMARY KEY (name, version),
    CONSTRAINT reference_dataset_origin CHECK (origin IN ('official', 'derived', 'demo', 'mixed')),
    CONSTRAINT reference_dataset_version CHECK (version > 0)
);
