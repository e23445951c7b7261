-- Whose clock is wrong, or whose events come late?
-- Window: everything the session reads.
-- Out: sources with an event whose ce_time cannot be read, or is more than 5 seconds away from its arrival in Kafka: how many of how many,
-- and how far behind and ahead in seconds. The job takes such an event as late, or sets it aside if it is a minute ahead.
SELECT
  source, COUNT(*) AS events,
  COUNT(*) FILTER (WHERE ce_time IS NULL) AS without_time,
  COUNT(*) FILTER (WHERE ABS(TIMESTAMPDIFF(SECOND, ce_time, arrived)) > 5) AS off,
  MAX(TIMESTAMPDIFF(SECOND, ce_time, arrived)) AS seconds_behind,
  MAX(TIMESTAMPDIFF(SECOND, arrived, ce_time)) AS seconds_ahead
FROM events
GROUP BY source
HAVING COUNT(*) FILTER (WHERE ce_time IS NULL OR ABS(TIMESTAMPDIFF(SECOND, ce_time, arrived)) > 5) > 0
ORDER BY off DESC, without_time DESC, source LIMIT 200
;
