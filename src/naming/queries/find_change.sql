-- The name that a change was about: tells whether a snapshot belongs to this feed.
SELECT name_id FROM naming_change WHERE scope_code = $1 AND sequence = $2
