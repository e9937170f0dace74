-- How often a track was tried, and how the last attempt ended.
SELECT d.outcome AS outcome, d.status AS status, d.detail AS detail, d.at AS at, d.next_at AS next_at,
       (SELECT COUNT(*) FROM exchange_delivery c WHERE c.track = $1) AS attempts
FROM exchange_delivery d WHERE d.track = $1
ORDER BY d.at DESC, d.id DESC LIMIT 1
