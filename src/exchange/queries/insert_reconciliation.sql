-- The report of one comparison.
INSERT INTO exchange_reconciliation (id, connection, agency, region, at, compared, lies, losses, doubles, wrong, strangers,
    findings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
