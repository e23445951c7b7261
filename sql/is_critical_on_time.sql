-- Are critical events on time?
-- Window: 10 seconds of the broker's clock.
-- Out: alerts, and milliseconds from the intended sending of the event to its alert in Kafka: half, 99 in 100, the worst.
SELECT window_start, alerts, CAST(p50_ms AS DECIMAL(12, 0)) AS p50_ms, CAST(p99_ms AS DECIMAL(12, 0)) AS p99_ms, max_ms FROM critical_latency
ORDER BY window_start DESC LIMIT 200
;
