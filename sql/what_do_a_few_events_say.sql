-- What do a few events say about all of them?
-- Window: 10 seconds of event time; 200 events per second are looked at, the most important first.
-- Out: for each metric the number of events and their mean value as estimated from those, with bounds of 95 %: for a topic too large to
-- read closely. Compare with how_much_is_offered.sql.
SET 'execution.runtime-mode' = 'streaming';
SELECT
  window_start, metric, c.kept,
  CAST(c.estimate AS DECIMAL(12, 0)) AS events, CAST(c.low AS DECIMAL(12, 0)) AS events_low, CAST(c.high AS DECIMAL(12, 0)) AS events_high,
  CAST(m.estimate AS DECIMAL(12, 2)) AS mean, CAST(m.low AS DECIMAL(12, 2)) AS mean_low, CAST(m.high AS DECIMAL(12, 2)) AS mean_high
FROM (
  SELECT window_start, metric, weighted_count(weight) AS c, weighted_mean(`value`, weight) AS m
  FROM TABLE(TUMBLE(
    (SELECT metric, `value`, weight, rowtime FROM shed_to_rate(input => TABLE readings, rate => 2e2, on_time => DESCRIPTOR(event_time))),
    DESCRIPTOR(rowtime), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end, metric
)
;
