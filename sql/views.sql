-- What questions start from. Windows are 10 or 30 seconds of event time or of the broker's clock; each view says which.

-- One row for each priority of a ledger entry: what was seen, and what was not admitted and why.
CREATE VIEW ledger_by_priority AS
SELECT l.written, l.topic, l.`partition`, l.lane, c.priority, c.seen, c.shed, c.lane_full, c.deferred, c.expired, c.throttled
FROM ledger AS l CROSS JOIN UNNEST(ARRAY[
  ROW('critical', l.seen.critical, COALESCE(l.rejected.shed.counts.critical, 0), COALESCE(l.rejected.lane_full.counts.critical, 0),
      COALESCE(l.rejected.deferred.counts.critical, 0), COALESCE(l.rejected.expired.counts.critical, 0), COALESCE(l.rejected.throttled.counts.critical, 0)),
  ROW('high', l.seen.high, COALESCE(l.rejected.shed.counts.high, 0), COALESCE(l.rejected.lane_full.counts.high, 0),
      COALESCE(l.rejected.deferred.counts.high, 0), COALESCE(l.rejected.expired.counts.high, 0), COALESCE(l.rejected.throttled.counts.high, 0)),
  ROW('normal', l.seen.normal, COALESCE(l.rejected.shed.counts.normal, 0), COALESCE(l.rejected.lane_full.counts.normal, 0),
      COALESCE(l.rejected.deferred.counts.normal, 0), COALESCE(l.rejected.expired.counts.normal, 0), COALESCE(l.rejected.throttled.counts.normal, 0)),
  ROW('bulk', l.seen.bulk, COALESCE(l.rejected.shed.counts.bulk, 0), COALESCE(l.rejected.lane_full.counts.bulk, 0),
      COALESCE(l.rejected.deferred.counts.bulk, 0), COALESCE(l.rejected.expired.counts.bulk, 0), COALESCE(l.rejected.throttled.counts.bulk, 0))
]) AS c (priority, seen, shed, lane_full, deferred, expired, throttled)
WHERE l.seen IS NOT NULL;

-- What was offered and what was turned away, per priority and 30 seconds in which the ledger was written (it comes with checkpoints).
CREATE VIEW shed_by_priority AS
SELECT
  window_start, window_end, priority,
  SUM(seen) AS seen,
  SUM(seen - shed - lane_full - deferred - expired - throttled) AS admitted,
  SUM(shed) AS shed, SUM(lane_full) AS lane_full, SUM(deferred) AS deferred, SUM(expired) AS expired, SUM(throttled) AS throttled
FROM TABLE(TUMBLE(TABLE ledger_by_priority, DESCRIPTOR(written), INTERVAL '30' SECOND))
GROUP BY window_start, window_end, priority;

-- Events of each source in 10 seconds of event time, before anything was turned away.
CREATE VIEW source_rates AS
SELECT window_start, window_end, source, COUNT(*) AS events
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, source;

-- The ten sources that send most in 10 seconds of event time, and how many times the mean of all sources that is.
CREATE VIEW noisiest_sources AS
SELECT r.window_start, r.window_end, r.place, r.source, r.events, ROUND(r.events / m.mean_events, 1) AS times_the_mean
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY events DESC, source) AS place FROM source_rates
) AS r
JOIN (
  SELECT window_start, window_end, AVG(CAST(events AS DOUBLE)) AS mean_events
  FROM source_rates GROUP BY window_start, window_end
) AS m ON r.window_start = m.window_start AND r.window_end = m.window_end
WHERE r.place <= 10;

-- The latest result of each window of each site and metric: how many events it has seen, of how many.
CREATE VIEW window_truth AS
SELECT site, metric, `start` AS window_start, `end` AS window_end, kept, `count` AS events, coverage, reliable,
  mean, meanLow AS mean_low, meanHigh AS mean_high, p99, `min` AS lowest, `max` AS highest
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY site, metric, `start` ORDER BY `offset` DESC) AS newest FROM aggregates
)
WHERE newest = 1;

-- Each window of each site and metric with all that replays have added to it: first result and corrections, merged exactly. Where
-- coverage is 1 nothing is missing any more and every figure is exact (quantiles and distinct sensors but for what their sketches lose).
-- corrections says how many there were. Without a first result events, coverage, sum and mean are NULL; so a correction of a session
-- (window.kind), whose window is part of that of its first result, stands alone.
CREATE VIEW window_truth_corrected AS
SELECT site, metric, window_start, window_end,
  w.corrections AS corrections, w.kept AS kept, w.events AS events, w.coverage AS coverage, w.count_exact AS count_exact,
  w.reliable AS reliable, w.`sum` AS `sum`, w.sum_low AS sum_low, w.sum_high AS sum_high, w.mean AS mean, w.mean_low AS mean_low,
  w.mean_high AS mean_high, w.lowest AS lowest, w.highest AS highest, w.p50 AS p50, w.p95 AS p95, w.p99 AS p99,
  w.rank_error AS rank_error, w.distinct_sensors AS distinct_sensors
FROM (
  SELECT site, metric, `start` AS window_start, `end` AS window_end, corrected_window(`offset`, run, figures, sample) AS w
  FROM (
    SELECT site, metric, `start`, `end`, `offset`, CAST(NULL AS STRING) AS run, ROW(
      kept, `count`, coverage, keptSum, `sum`, sumLow, sumHigh, mean, meanLow, meanHigh, `min`, `max`,
      p50, p95, p99, rankError, distinctSensors, countExact, reliable) AS figures, sample
    FROM aggregates
    UNION ALL
    SELECT site, metric, `start`, `end`, `offset`, run, ROW(
      kept, `count`, coverage, keptSum, `sum`, sumLow, sumHigh, mean, meanLow, meanHigh, `min`, `max`,
      p50, p95, p99, rankError, distinctSensors, countExact, reliable) AS figures, sample
    FROM corrections
  )
  GROUP BY site, metric, `start`, `end`
);

-- What became of the deferred events of each input partition: replayed, gone (Kafka no longer had them when a replay came), or still open,
-- since the ledger was told of the first of those. Needs the ledger from its oldest record on; a range described again counts as described last.
CREATE VIEW deferred_by_partition AS
SELECT topic, `partition`, d.deferred AS deferred, d.replayed AS replayed, d.gone AS gone, d.still_open AS still_open,
  d.first_open AS first_open, d.open_since AS open_since, d.unreadable AS unreadable
FROM (
  SELECT topic, `partition`, deferred_offsets(
    `offset`, lane, `from`, `to`, rejected.deferred.offsets, replay, gone, offsets, COALESCE(TO_TIMESTAMP_LTZ(`at`, 3), written)) AS d
  FROM ledger WHERE claim IS NULL AND topic IS NOT NULL
  GROUP BY topic, `partition`
);

-- What the policy topic says last for each job; whether the job took it, the ledger knows (policy).
CREATE VIEW policies_in_force AS
SELECT job, version, settings, written
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY job ORDER BY `offset` DESC) AS newest FROM policies
)
WHERE newest = 1 AND policy IS NOT NULL;

-- Each alert with the time from its intended sending to its record in Kafka.
CREATE VIEW alert_latency AS
SELECT *, EXTRACT(EPOCH FROM written) * 1000 + EXTRACT(MILLISECOND FROM written) - sent AS latency_ms FROM alerts;

-- From the intended sending of a critical event to its alert in Kafka, per 10 seconds of the broker's clock, in milliseconds.
CREATE VIEW critical_latency AS
SELECT
  window_start, window_end, COUNT(*) AS alerts,
  PERCENTILE(latency_ms, 0.5) AS p50_ms, PERCENTILE(latency_ms, 0.99) AS p99_ms, MAX(latency_ms) AS max_ms
FROM TABLE(TUMBLE(TABLE alert_latency, DESCRIPTOR(written), INTERVAL '10' SECOND))
GROUP BY window_start, window_end;

-- Where the events of each input partition are: in the topic, seen by admission, turned away, dead. The ledger follows within a
-- checkpoint, so not_yet_in_ledger is above 0 while events come, and 0 soon after the last one.
CREATE VIEW conservation AS
SELECT
  `partition`,
  SUM(in_topic) AS in_topic,
  SUM(seen) AS seen,
  SUM(not_admitted) AS not_admitted,
  SUM(unreadable) AS unreadable,
  SUM(in_topic) - SUM(seen) - SUM(unreadable) AS not_yet_in_ledger
FROM (
  SELECT `partition`, 1 AS in_topic, 0 AS seen, 0 AS not_admitted, 0 AS unreadable FROM events
  UNION ALL
  SELECT `partition`, 0, seen, shed + lane_full + deferred + expired + throttled, 0 FROM ledger_by_priority WHERE topic = 'iot.events'
  UNION ALL
  SELECT `partition`, 0, 0, 0, 1 FROM dead_letters WHERE topic = 'iot.events' AND reason IN ('bad_header', 'bad_time', 'empty_value', 'too_large')
)
GROUP BY `partition`;

-- What token_bucket and shed_to_rate work on: the columns they ask for, and those that are asked about.
CREATE VIEW readings AS
SELECT id, source, type, priority, sampled_rate, event_time, site, metric, `value` FROM events WHERE id IS NOT NULL;

-- The latest result of each measure, network, provider and window.
CREATE VIEW video_quality AS
SELECT measure, cdn, isp, `start` AS window_start, `end` AS window_end, kept, `count` AS counted, coverage, reliable,
  `sum`, sumLow AS sum_low, sumHigh AS sum_high, mean, meanLow AS mean_low, meanHigh AS mean_high, p50, p95, p99
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY measure, cdn, isp, `start` ORDER BY `offset` DESC) AS newest FROM video_qoe
)
WHERE newest = 1;

-- Each account as it is now.
CREATE VIEW account_balances AS
SELECT account, balanceMinor, currency, version, changed
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY account ORDER BY version DESC) AS newest FROM accounts
)
WHERE newest = 1;

-- Each account as the last decision about it leaves it.
CREATE VIEW decided_balances AS
SELECT account, balanceMinor, accountCurrency, version
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY account ORDER BY version DESC) AS newest FROM decisions
)
WHERE newest = 1;
