-- Names that may stand in the way: same 字号 or same full name, in the scopes $3 to $4 or in scope $5, at $6.
SELECT id, full_name, core, industry, industry_class, has_no_industry, region, form, branch_suffix,
       authority_code, status, until_ms, case_id
FROM naming_name
WHERE (core = $1 OR full_name = $2)
  AND core <> ''
  AND ((scope_code >= $3 AND scope_code <= $4) OR scope_code = $5)
  AND status IN ('held', 'registered', 'cancelled', 'renamed', 'revoked')
  AND (until_ms IS NULL OR until_ms > $6)
ORDER BY id
