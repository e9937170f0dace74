-- A block of numbers for the pool's present generation.
INSERT INTO licence_pool_block (prefix, from_number, until_number, next_number, authority, generation)
SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), authority, generation FROM licence_pool WHERE authority = $5
