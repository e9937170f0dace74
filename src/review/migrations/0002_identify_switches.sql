-- A switch is known by an id, and keeps who lifted it. Two may begin in the same moment.
CREATE TABLE review_switch_next (
    id TEXT PRIMARY KEY,
    scope TEXT NOT NULL CONSTRAINT review_switch_scope_known CHECK (scope IN ('rule', 'type', 'place')),
    value TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    role TEXT NOT NULL,
    lifted_by TEXT NOT NULL DEFAULT '',
    lifted_reason TEXT NOT NULL DEFAULT ''
);
INSERT INTO review_switch_next (id, scope, value, from_at, until_at, reason, decided_by, role)
SELECT scope || ':' || value || ':' || CAST(from_at AS TEXT), scope, value, from_at, until_at, reason, decided_by, 'administrator' FROM review_switch;
DROP TABLE review_switch;
ALTER TABLE review_switch_next RENAME TO review_switch;
