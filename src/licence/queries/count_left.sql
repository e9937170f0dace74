-- Numbers that the present generation still has.
SELECT CAST(COALESCE(SUM(b.until_number - b.next_number), 0) AS BIGINT) AS numbers FROM licence_pool_block b
JOIN licence_pool p ON p.authority = b.authority AND p.generation = b.generation WHERE b.authority = $1
