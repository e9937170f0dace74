-- One attempt and how it ended.
INSERT INTO exchange_delivery (id, track, version, attempt, outcome, status, detail, at, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
