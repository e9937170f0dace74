-- Adds a name.
INSERT INTO naming_name (id, full_name, core, declared_core, industry, industry_class, has_no_industry,
                         region, region_code, form, branch_suffix, authority_code, scope_code, status,
                         until_ms, case_id, created_ms, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)
