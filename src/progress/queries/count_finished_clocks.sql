-- Stopped clocks of a period by subject and used minutes, begun minutes counted.
SELECT c.subject, (c.used_ms + 59999) / 60000 AS used_minutes, COUNT(*) AS clocks, CAST(SUM(c.late) AS BIGINT) AS late
FROM progress_clock c JOIN progress_timeline t ON t.case_id = c.case_id
WHERE c.state = 'stopped' AND c.started_at >= $1 AND c.started_at < $2
    AND SUBSTR(t.authority, 1, LENGTH(CAST($3 AS TEXT))) = $3
GROUP BY c.subject, (c.used_ms + 59999) / 60000
ORDER BY c.subject, used_minutes;
