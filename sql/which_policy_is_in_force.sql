-- Which policy is in force, and since when?
-- Window: everything the topic has, whatever the session was told: it is compacted.
-- Out: for each job with a policy its version, when it was written, and the settings it changes; a job without a row goes by its own options. A record the job refused
-- stands here all the same: what_is_unreadable.sql has it then (bad_policy), and the column policy of the ledger says what is in force.
ALTER TABLE policies SET ('scan.startup.mode' = 'earliest-offset');
SELECT job, version, written, settings FROM policies_in_force
ORDER BY job LIMIT 200
;
