-- Which person an officer's account belongs to, by keyed hash of the document.
INSERT INTO review_officer (account, document_hash) VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET document_hash = excluded.document_hash
