-- What a person is asked to sign or has signed, the newest first.
SELECT * FROM signing_request WHERE document_hash = $1 AND state IN ('open', 'seen', 'signed', 'declined', 'withdrawn_by_signer')
ORDER BY opened_at DESC, case_id DESC, ordinal, id LIMIT 200
