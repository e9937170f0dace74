-- Registers are read from the oldest open track on: answers to earlier messages come later than a cursor can tell.
DROP TABLE exchange_cursor;
