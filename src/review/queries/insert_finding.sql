-- What one rule found.
INSERT INTO review_finding (examination, rule, version, citation, verdict, inputs, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
