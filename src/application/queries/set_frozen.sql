-- Frozen or released.
UPDATE application_case SET frozen = $2, frozen_reason = $3, version = $4 WHERE id = $1
