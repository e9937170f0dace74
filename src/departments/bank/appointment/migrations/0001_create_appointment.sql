-- Seats given to tracks. A seat of a branch's slot on a day is given once: nothing is ever overbooked.
CREATE TABLE appointment_slot (
    track TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    branch TEXT NOT NULL,
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    seat BIGINT NOT NULL,
    CONSTRAINT appointment_slot_once UNIQUE (branch, day, slot, seat),
    CONSTRAINT appointment_slot_seat CHECK (seat >= 1)
);

-- One row for each slot ever asked for: its row lock orders those who look for a seat. Holds nothing of a case.
CREATE TABLE appointment_lock (
    branch TEXT NOT NULL,
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (branch, day, slot)
);
