-- Who fell silent?
-- Window: two neighbouring ones of 30 seconds of event time.
-- Out: sources that sent in a window and not in the next one, though others did: a sensor, or the way to it, is down.
WITH heard AS (
  SELECT window_start, window_end, source, COUNT(*) AS events
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '30' SECOND))
  GROUP BY window_start, window_end, source
)
SELECT b.window_start AS last_heard, b.source, b.events
FROM heard AS b
LEFT JOIN heard AS a ON a.source = b.source AND a.window_start = b.window_end
WHERE a.source IS NULL AND b.window_end IN (SELECT window_start FROM heard)
ORDER BY last_heard DESC, events DESC, source LIMIT 200
;
