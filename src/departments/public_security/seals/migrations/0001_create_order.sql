-- The ledger of seal orders: who got which, decided by whom, on what basis. Each decision can be computed again from it.
CREATE TABLE seals_order (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    track TEXT NOT NULL,
    maker TEXT NOT NULL,
    decided_by TEXT NOT NULL CONSTRAINT seals_order_decided_by CHECK (decided_by IN ('applicant', 'rule')),
    district TEXT NOT NULL,
    basis TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT seals_order_state CHECK (state IN ('open', 'done', 'withdrawn', 'reassigned')),
    ordered_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX seals_order_by_state ON seals_order (state, maker);
CREATE INDEX seals_order_by_track ON seals_order (track, ordered_at);
CREATE UNIQUE INDEX seals_order_open_once ON seals_order (track) WHERE state = 'open';
