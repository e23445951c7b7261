-- Which window results rest on few of their events?
-- Window: those of the job (10 seconds of event time), each with its latest result.
-- Out: results the job itself calls unreliable (fewer than 30 events kept), or with less than half of their events kept; the mean lies
-- between mean_low and mean_high with 95 %, if the result is reliable.
SELECT
  window_start, site, metric, kept, CAST(events AS DECIMAL(12, 1)) AS events, CAST(coverage AS DECIMAL(4, 3)) AS coverage, reliable,
  CAST(mean AS DECIMAL(12, 2)) AS mean, CAST(mean_low AS DECIMAL(12, 2)) AS mean_low, CAST(mean_high AS DECIMAL(12, 2)) AS mean_high
FROM window_truth
WHERE coverage < 0.5 OR NOT reliable
ORDER BY window_start DESC, coverage, site, metric LIMIT 200
;
