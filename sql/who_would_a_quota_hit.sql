-- Who would a quota hit?
-- Window: 10 seconds of event time; the quota is 5 events per second for each source, 20 at once: change the two numbers.
-- Out: sources above it, how many of their events would be turned away, and the longest time after which to try again, in milliseconds.
SET 'execution.runtime-mode' = 'streaming';
SELECT
  window_start, source, COUNT(*) AS events,
  COUNT(*) FILTER (WHERE NOT within_quota) AS turned_away, MAX(retry_after_ms) AS retry_after_ms
FROM TABLE(TUMBLE(
  (SELECT source, within_quota, retry_after_ms, rowtime
   FROM token_bucket(input => TABLE readings PARTITION BY source, rate => 5e0, burst => 2e1, on_time => DESCRIPTOR(event_time), uid => 'quota')),
  DESCRIPTOR(rowtime), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, source
HAVING COUNT(*) FILTER (WHERE NOT within_quota) > 0
;
