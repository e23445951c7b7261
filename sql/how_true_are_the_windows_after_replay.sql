-- How true are the window results after replay?
-- Window: those of the job (10 seconds of event time), each with its latest result and all its corrections.
-- Out: results per window, how many of them were corrected, how many are exact now and were before, and the lowest and the overall coverage
-- now. Corrections are read from the oldest on, so a window that is corrected later is whole here.
ALTER TABLE corrections SET ('scan.startup.mode' = 'earliest-offset');
SELECT
  c.window_start, COUNT(*) AS results, COUNT(*) FILTER (WHERE c.corrections > 0) AS corrected,
  COUNT(*) FILTER (WHERE c.coverage = 1) AS exact, COUNT(*) FILTER (WHERE f.coverage = 1) AS exact_before,
  CAST(MIN(c.coverage) AS DECIMAL(4, 3)) AS lowest_coverage, CAST(SUM(c.kept) / SUM(c.events) AS DECIMAL(4, 3)) AS coverage
FROM window_truth_corrected AS c JOIN window_truth AS f
  ON f.site = c.site AND f.metric = c.metric AND f.window_start = c.window_start AND f.window_end = c.window_end
GROUP BY c.window_start
ORDER BY c.window_start DESC LIMIT 200
;
