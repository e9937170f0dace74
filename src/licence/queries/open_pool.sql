-- An authority's pool begins with its first generation.
INSERT INTO licence_pool (authority, generation) VALUES ($1, 1) ON CONFLICT (authority) DO NOTHING
