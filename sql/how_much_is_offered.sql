-- How much is offered, by priority, before anything is turned away?
-- Window: 10 seconds of event time.
-- Out: events per second of each priority; in overload the sum is above what the job can do.
SELECT
  window_start, priority, COUNT(*) AS events, CAST(COUNT(*) / 10E0 AS DECIMAL(12, 1)) AS per_second
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, priority
ORDER BY window_start DESC, events DESC LIMIT 200
;
