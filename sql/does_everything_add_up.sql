-- Does everything add up: is there an account of every event?
-- Window: everything there is, from the oldest record on, whatever the session was told; right for a job that has read its topic from there.
-- Out: for each input partition events in the topic, seen by admission, turned away, unreadable, and the rest: not_yet_in_ledger is
-- what came since the last checkpoint of the job and 0 soon after the last event. Below 0: ranges were read twice after a failure.
ALTER TABLE events SET ('scan.startup.mode' = 'earliest-offset');
ALTER TABLE ledger SET ('scan.startup.mode' = 'earliest-offset');
ALTER TABLE dead_letters SET ('scan.startup.mode' = 'earliest-offset');
SELECT `partition`, in_topic, seen, not_admitted, unreadable, not_yet_in_ledger FROM conservation
ORDER BY `partition` LIMIT 200
;
