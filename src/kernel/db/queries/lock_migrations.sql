-- One node migrates at a time; SQLite has one writer anyway.
SELECT $1 AS locked
