-- Where does it burn?
-- Window: 1 minute of the broker's clock.
-- Out: alerts of each site, from how many sensors, the highest value, and when the last one was written.
SELECT window_start, site, COUNT(*) AS alerts, COUNT(DISTINCT sensor) AS sensors, MAX(`value`) AS highest, MAX(written) AS last_at
FROM TABLE(TUMBLE(TABLE alerts, DESCRIPTOR(written), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, site
ORDER BY window_start DESC, alerts DESC LIMIT 200
;
