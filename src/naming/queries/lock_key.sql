-- Takes the lock on one word of a province until the transaction ends.
INSERT INTO naming_key (province_code, word, uses) VALUES ($1, $2, 1)
ON CONFLICT (province_code, word) DO UPDATE SET uses = naming_key.uses + 1
