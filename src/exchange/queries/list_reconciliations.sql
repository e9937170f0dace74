-- The newest comparisons first.
SELECT * FROM exchange_reconciliation WHERE agency = $1 ORDER BY at DESC, id DESC LIMIT 100
