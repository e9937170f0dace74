-- Labels of a case are numbered.
UPDATE handover_kit SET parcels = parcels + 1 WHERE case_id = $1
