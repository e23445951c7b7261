-- What is still deferred, and since when?
-- Window: everything the ledger has, from the oldest record on, whatever the session was told.
-- Out: for each input partition events deferred, of these replayed, gone (Kafka had deleted them before a replay came), still_open, and since
-- when the first of those waits. './spillway replay iot' replays them; retention of the topic deletes them at last. unreadable is 0.
ALTER TABLE ledger SET ('scan.startup.mode' = 'earliest-offset');
SELECT topic, `partition`, deferred, replayed, gone, still_open, open_since, unreadable FROM deferred_by_partition
ORDER BY open_since, topic, `partition` LIMIT 200
;
