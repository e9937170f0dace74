-- Remembers the content of an answer that was taken; one that corrects a doubtful answer takes its place.
INSERT INTO exchange_answer (track, version, answer, content_sm3, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (track, version, answer) DO UPDATE SET content_sm3 = excluded.content_sm3, at = excluded.at
