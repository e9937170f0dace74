-- The first block of the present generation with a number left.
SELECT b.prefix, b.from_number FROM licence_pool_block b JOIN licence_pool p ON p.authority = b.authority AND p.generation = b.generation
WHERE b.authority = $1 AND b.next_number < b.until_number ORDER BY b.from_number, b.prefix LIMIT 1
