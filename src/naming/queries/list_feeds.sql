-- How far each scope's change feed has come.
SELECT scope_code, last_sequence FROM naming_feed ORDER BY scope_code
