-- Where do videos not start?
-- Window: 1 minute of the broker's clock.
-- Out: failed starts of each CDN and provider, of how many viewers, and when the last one was written. Exact: none is ever shed.
SELECT window_start, cdn, isp, COUNT(*) AS failed, COUNT(DISTINCT viewer) AS viewers, MAX(written) AS last_at
FROM TABLE(TUMBLE(TABLE video_alerts, DESCRIPTOR(written), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, cdn, isp
ORDER BY window_start DESC, failed DESC LIMIT 200
;
