-- Takes the lock on one slot of a branch until the transaction ends.
INSERT INTO appointment_lock (branch, day, slot, uses) VALUES ($1, $2, $3, 1)
ON CONFLICT (branch, day, slot) DO UPDATE SET uses = appointment_lock.uses + 1
