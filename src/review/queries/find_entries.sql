-- Entries of the lists about a document that hold now.
SELECT kind, source FROM review_list WHERE document_hash = $1 AND (until_at IS NULL OR until_at > $2) ORDER BY kind, source
