-- What an earlier process of this node had leased may be taken at once.
UPDATE job_queue SET state = 'ready', due_at = $2, holder = '' WHERE holder = $1 AND state = 'running'
