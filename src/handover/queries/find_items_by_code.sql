-- What a scanner may have read: the item code, or the number on the thing.
SELECT case_id, kind, hall FROM handover_item WHERE code = $1 OR number = $1 ORDER BY code
