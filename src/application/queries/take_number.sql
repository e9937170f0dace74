-- The next sequence of a division's day.
INSERT INTO application_number (division, day, used) VALUES ($1, $2, 1)
ON CONFLICT (division, day) DO UPDATE SET used = application_number.used + 1
RETURNING used
