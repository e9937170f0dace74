-- The person with this document.
SELECT * FROM identity_person WHERE document_hash = $1
