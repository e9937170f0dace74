-- Takes the next numbers of a scope's change feed; its row stays locked until commit.
INSERT INTO naming_feed (scope_code, last_sequence) VALUES ($1, $2)
ON CONFLICT (scope_code) DO UPDATE SET last_sequence = naming_feed.last_sequence + $2
RETURNING last_sequence
