-- How many orders each maker has open.
SELECT maker, COUNT(*) AS orders FROM seals_order WHERE state = 'open' GROUP BY maker
