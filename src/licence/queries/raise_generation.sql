-- Numbers of earlier generations are not given any more.
UPDATE licence_pool SET generation = generation + 1 WHERE authority = $1
