-- One name by id.
SELECT id, full_name, core, declared_core, industry_class, authority_code, scope_code, status, until_ms,
       case_id, version
FROM naming_name
WHERE id = $1
