-- All names behind an id, a page at a time.
SELECT id, full_name, core, industry, industry_class, has_no_industry, region, form, branch_suffix, authority_code,
       scope_code, status, until_ms
FROM naming_name
WHERE id > $1
ORDER BY id
LIMIT $2
