-- Which window results rest on few of their events?
-- Window: those of the job (10 seconds of event time), each with its latest result.
-- Out: results with a coverage below one half or fewer than 30 events kept; mean is an estimate there, lowest and highest may be too narrow.
SELECT window_start, site, metric, kept, CAST(events AS DECIMAL(12, 1)) AS events, CAST(coverage AS DECIMAL(4, 3)) AS coverage, CAST(mean AS DECIMAL(12, 2)) AS mean
FROM window_truth
WHERE coverage < 0.5 OR (coverage < 1 AND kept < 30)
ORDER BY window_start DESC, coverage, site, metric LIMIT 200
;
