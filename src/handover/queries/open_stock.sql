-- A hall's stock of blanks.
INSERT INTO handover_stock (hall) VALUES ($1) ON CONFLICT (hall) DO NOTHING
