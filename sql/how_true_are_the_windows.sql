-- How true are the window results as a whole?
-- Window: those of the job (10 seconds of event time), each with its latest result.
-- Out: results per window, how many of them are exact, and the lowest and the overall coverage (events kept of events that happened).
SELECT
  window_start, COUNT(*) AS results, COUNT(*) FILTER (WHERE coverage = 1) AS exact,
  CAST(MIN(coverage) AS DECIMAL(4, 3)) AS lowest_coverage, CAST(SUM(kept) / SUM(events) AS DECIMAL(4, 3)) AS coverage
FROM window_truth
GROUP BY window_start
ORDER BY window_start DESC LIMIT 200
;
