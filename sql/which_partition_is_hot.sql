-- Which partition gets more than its share?
-- Window: 10 seconds of event time.
-- Out: events of each partition of the input, and how many sources they came from: a hot key is many events of few sources.
SELECT window_start, `partition`, COUNT(*) AS events, COUNT(DISTINCT source) AS sources
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, `partition`
ORDER BY window_start DESC, events DESC LIMIT 200
;
