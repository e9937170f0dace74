-- Parks an answer until what it follows is there.
INSERT INTO exchange_early (track, version, answer, body, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (track, version, answer) DO UPDATE SET body = excluded.body, at = excluded.at
