-- What did the replay change in the windows?
-- Window: those of the job (10 seconds of event time), each with its latest result and all its corrections.
-- Out: each corrected result: coverage and mean of the first result, and what they are now; the largest change of the mean first.
ALTER TABLE corrections SET ('scan.startup.mode' = 'earliest-offset');
SELECT
  c.window_start, c.site, c.metric, c.kept - f.kept AS replayed, CAST(f.coverage AS DECIMAL(4, 3)) AS coverage_before,
  CAST(c.coverage AS DECIMAL(4, 3)) AS coverage, CAST(f.mean AS DECIMAL(12, 2)) AS mean_before, CAST(c.mean AS DECIMAL(12, 2)) AS mean,
  CAST(c.p99 AS DECIMAL(12, 2)) AS p99, c.reliable
FROM window_truth_corrected AS c JOIN window_truth AS f
  ON f.site = c.site AND f.metric = c.metric AND f.window_start = c.window_start AND f.window_end = c.window_end
WHERE c.corrections > 0
ORDER BY ABS(c.mean - f.mean) DESC, c.window_start, c.site, c.metric LIMIT 200
;
