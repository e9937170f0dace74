-- Labels that no courier has scanned give way to a new one.
UPDATE handover_parcel SET state = 'replaced' WHERE case_id = $1 AND state = 'labelled'
