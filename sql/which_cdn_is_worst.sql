-- Which CDN is worst for viewers?
-- Window: those of the video job (10 seconds of event time), each with its latest result.
-- Out: percent of the time that videos stood still, of each CDN and provider, the worst first; the true figure lies between low and high with
-- 95 %, if the result is reliable. sessions is how many were over in the window, estimated from those seen.
SELECT
  window_start, cdn, isp, seen, CAST(counted AS DECIMAL(12, 1)) AS sessions, reliable,
  CAST(100 * mean AS DECIMAL(5, 2)) AS stood_still, CAST(100 * mean_low AS DECIMAL(7, 2)) AS low,
  CAST(100 * mean_high AS DECIMAL(7, 2)) AS high
FROM (SELECT window_start, cdn, isp, kept AS seen, counted, reliable, mean, mean_low, mean_high FROM video_quality WHERE measure = 'rebuffer-ratio')
ORDER BY window_start DESC, stood_still DESC, cdn, isp LIMIT 200
;
