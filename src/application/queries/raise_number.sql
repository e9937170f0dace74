-- On replay: no sequence below a used one may be given again.
INSERT INTO application_number (division, day, used) VALUES ($1, $2, $3)
ON CONFLICT (division, day) DO UPDATE
SET used = CASE WHEN application_number.used < excluded.used THEN excluded.used ELSE application_number.used END
