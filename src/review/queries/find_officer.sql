-- The person behind an officer's account.
SELECT document_hash FROM review_officer WHERE account = $1
