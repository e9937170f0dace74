-- One blank.
SELECT * FROM handover_blank WHERE number = $1
