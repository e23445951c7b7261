-- What is turned away, of which priority, and why?
-- Window: 30 seconds of the broker's clock; the ledger comes with the checkpoints of the job.
-- Out: seen and admitted of each priority and the reasons of the rest; critical must show admitted_percent 100.
SELECT
  window_start, priority, seen, admitted, shed, lane_full, deferred, expired, throttled,
  CAST(100E0 * admitted / NULLIF(seen, 0) AS DECIMAL(5, 1)) AS admitted_percent
FROM shed_by_priority
ORDER BY window_start DESC, seen DESC LIMIT 200
;
