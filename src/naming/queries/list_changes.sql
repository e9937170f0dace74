-- A scope's change feed behind a position, with what an index needs of the names.
SELECT c.sequence, c.kind, c.name_id, c.at_ms, n.industry_class, n.full_name, n.core, n.industry, n.has_no_industry,
       n.region, n.form, n.branch_suffix, n.authority_code, n.status, n.until_ms
FROM naming_change c
JOIN naming_name n ON n.id = c.name_id
WHERE c.scope_code = $1 AND c.sequence > $2
ORDER BY c.sequence
LIMIT $3
