-- The parts of a policy version.
SELECT parts FROM reference_policy WHERE version = $1
