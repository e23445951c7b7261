-- Every topic of Spillway as a table, and how queries are run.
-- Names: topic iot.events is table events, spillway.dead-letters is dead_letters, and so on; written is the broker's clock.
-- './spillway sql' loads this file itself. Elsewhere: README.md, "On any cluster".

-- Times are shown and compared in UTC, which is what ce_time says.
SET 'table.local-time-zone' = 'UTC';
-- One slot for a query: the rest belongs to the jobs.
SET 'parallelism.default' = '1';
-- Rows are shown as they come, not once per checkpoint. A query that fails says so and is not tried for ever.
SET 'execution.checkpointing.mode' = 'AT_LEAST_ONCE';
SET 'execution.checkpointing.unaligned.enabled' = 'false';
SET 'execution.checkpointing.interval' = '1 h';
-- The end of what is there is the end of the query: else a stream may wait an hour for one more checkpoint.
SET 'execution.checkpointing.checkpoints-after-tasks-finish' = 'false';
SET 'restart-strategy.type' = 'none';
-- flink-conf/config.yaml asks jobs for uids, which only matter where state is kept; and a partition without events must not stop time.
SET 'pipeline.auto-generate-uids' = 'true';
SET 'table.exec.source.idle-timeout' = '5 s';
-- A result that changes with every event is shown once a second.
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '100000';
SET 'sql-client.execution.result-mode' = 'tableau';
SET 'sql-client.display.max-column-width' = '60';

-- A question can wait half a second (Kafka's fetch.max.wait.ms) for a larger answer: the broker has others to serve.
-- Hence fetch.min.bytes in every table.

-- What sensors send, as it lies in Kafka: also what the job turned away, and what nobody can read (payload columns are then NULL).
-- event_time is ce_time where it can be read and is at most a minute ahead, else the time in Kafka: the rule of the job.
CREATE TABLE events (
  payload         STRING,
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  arrived         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  headers         MAP<STRING, BYTES> METADATA VIRTUAL,
  id              AS CAST(headers['ce_id'] AS STRING),
  source          AS CAST(headers['ce_source'] AS STRING),
  type            AS CAST(headers['ce_type'] AS STRING),
  priority        AS COALESCE(
                       CAST(headers['ce_priority'] AS STRING),
                       CASE
                         WHEN CAST(headers['ce_type'] AS STRING) LIKE 'iot.alarm%' THEN 'critical'
                         WHEN CAST(headers['ce_type'] AS STRING) LIKE 'iot.fault%' THEN 'high'
                         WHEN CAST(headers['ce_type'] AS STRING) LIKE 'iot.debug%' THEN 'bulk'
                         ELSE 'normal'
                       END),
  sampled_rate    AS COALESCE(TRY_CAST(CAST(headers['ce_sampledrate'] AS STRING) AS DOUBLE), 1E0),
  sequence_number AS TRY_CAST(CAST(headers['ce_sequence'] AS STRING) AS BIGINT),
  site            AS JSON_VALUE(payload, '$.site'),
  metric          AS JSON_VALUE(payload, '$.metric'),
  `value`         AS JSON_VALUE(payload, '$.value' RETURNING DOUBLE),
  ce_time         AS TRY_CAST(REPLACE(REPLACE(CAST(headers['ce_time'] AS STRING), 'T', ' '), 'Z', '') AS TIMESTAMP_LTZ(3)),
  event_time      AS CASE
                       WHEN TRY_CAST(REPLACE(REPLACE(CAST(headers['ce_time'] AS STRING), 'T', ' '), 'Z', '') AS TIMESTAMP_LTZ(3))
                            <= arrived + INTERVAL '1' MINUTE
                       THEN TRY_CAST(REPLACE(REPLACE(CAST(headers['ce_time'] AS STRING), 'T', ' '), 'Z', '') AS TIMESTAMP_LTZ(3))
                       ELSE arrived
                     END,
  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'iot.events',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'raw'
);

-- Critical events, out at once. sent: when the sensor meant to send it, in milliseconds; written - sent is the latency.
CREATE TABLE alerts (
  id              STRING,
  source          STRING,
  type            STRING,
  priority        STRING,
  `time`          TIMESTAMP_LTZ(3),
  site            STRING,
  sensor          STRING,
  metric          STRING,
  `value`         DOUBLE,
  sent            BIGINT,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'iot.alerts',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- Windows per site and metric, with bounds of 95 % for sum and mean; NULL is what is not known. A window that got late events comes again: the last row of a window counts (view window_truth).
-- sample is what the row was made from, where something was turned away; corrections merge with it (view window_truth_corrected).
CREATE TABLE aggregates (
  site            STRING,
  metric          STRING,
  `start`         TIMESTAMP_LTZ(3),
  `end`           TIMESTAMP_LTZ(3),
  kept            BIGINT,
  `count`         DOUBLE,
  coverage        DOUBLE,
  `sum`           DOUBLE,
  mean            DOUBLE,
  `min`           DOUBLE,
  `max`           DOUBLE,
  countExact      BOOLEAN,
  sumLow          DOUBLE,
  sumHigh         DOUBLE,
  meanLow         DOUBLE,
  meanHigh        DOUBLE,
  p50             DOUBLE,
  p95             DOUBLE,
  p99             DOUBLE,
  rankError       DOUBLE,
  distinctSensors DOUBLE,
  reliable        BOOLEAN,
  keptSum         DOUBLE,
  sample          STRING,
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'iot.aggregates',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- What replays add to the windows of aggregates, one row for each window and run. kept, keptSum and count are to be added to those of the
-- window; sample merges with its sample; all other figures are of the replayed events alone. View window_truth_corrected does it.
CREATE TABLE corrections (
  site            STRING,
  metric          STRING,
  `start`         TIMESTAMP_LTZ(3),
  `end`           TIMESTAMP_LTZ(3),
  kept            BIGINT,
  `count`         DOUBLE,
  coverage        DOUBLE,
  `sum`           DOUBLE,
  mean            DOUBLE,
  `min`           DOUBLE,
  `max`           DOUBLE,
  countExact      BOOLEAN,
  sumLow          DOUBLE,
  sumHigh         DOUBLE,
  meanLow         DOUBLE,
  meanHigh        DOUBLE,
  p50             DOUBLE,
  p95             DOUBLE,
  p99             DOUBLE,
  rankError       DOUBLE,
  distinctSensors DOUBLE,
  reliable        BOOLEAN,
  keptSum         DOUBLE,
  sample          STRING,
  run             STRING,
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'iot.corrections',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- One for each event fully processed. Only written where the job has the setting receipts.topic=iot.receipts, as in the demo.
CREATE TABLE receipts (
  topic           STRING,
  `partition`     INT,
  `offset`        BIGINT,
  source          STRING,
  `sequence`      BIGINT,
  priority        STRING,
  sent            BIGINT,
  weight          DOUBLE,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'iot.receipts',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

-- What became of each range of offsets of the input: seen by priority, and what was not admitted by reason and priority.
-- offsets is a RoaringBitmap (base64) of offset minus from. An entry follows within a checkpoint (10 s) of its events.
-- Rows with replay or gone (and offsets) say what a replay did about deferred events, rows with claim that one is at work; in them
-- seen is NULL.
CREATE TABLE ledger (
  topic           STRING,
  `partition`     INT,
  `from`          BIGINT,
  `to`            BIGINT,
  lane            STRING,
  seen            ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>,
  rejected        ROW<
                    shed      ROW<counts ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>, offsets STRING>,
                    lane_full ROW<counts ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>, offsets STRING>,
                    deferred  ROW<counts ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>, offsets STRING>,
                    expired   ROW<counts ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>, offsets STRING>,
                    throttled ROW<counts ROW<critical BIGINT, high BIGINT, normal BIGINT, bulk BIGINT>, offsets STRING>>,
  policy          BIGINT,
  keep            ROW<high DOUBLE, normal DOUBLE, bulk DOUBLE>,
  `at`            BIGINT,
  replay          STRING,
  gone            STRING,
  offsets         STRING,
  claim           STRING,
  job             STRING,
  ended           BOOLEAN,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'spillway.ledger',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

-- Records nobody can process, as they were read, with the reason and their place in the input.
CREATE TABLE dead_letters (
  payload         STRING,
  headers         MAP<STRING, BYTES> METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  reason          AS CAST(headers['spillway_reason'] AS STRING),
  detail          AS CAST(headers['spillway_detail'] AS STRING),
  topic           AS CAST(headers['spillway_topic'] AS STRING),
  `partition`     AS TRY_CAST(CAST(headers['spillway_partition'] AS STRING) AS INT),
  `offset`        AS TRY_CAST(CAST(headers['spillway_offset'] AS STRING) AS BIGINT),
  source          AS CAST(headers['ce_source'] AS STRING),
  type            AS CAST(headers['ce_type'] AS STRING),
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'spillway.dead-letters',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'raw'
);

-- What was decided about each payment, refund and balance query of the transaction job, once each. Amounts are in minor units;
-- balanceMinor and version are those of the account afterwards, changeMinor is what the decision did to it.
CREATE TABLE decisions (
  id              STRING,
  source          STRING,
  type            STRING,
  account         STRING,
  merchant        STRING,
  amountMinor     BIGINT,
  currency        STRING,
  outcome         STRING,
  reason          STRING,
  degraded        BOOLEAN,
  degradedReason  STRING,
  score           DOUBLE,
  scoreAgeMillis  BIGINT,
  velocityCount   BIGINT,
  velocitySumMinor BIGINT,
  changeMinor     BIGINT,
  balanceMinor    BIGINT,
  accountCurrency STRING,
  version         BIGINT,
  `time`          TIMESTAMP_LTZ(3),
  sent            BIGINT,
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'transactions.decisions',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- Every state of an account that Kafka still has; the highest version is the newest (view account_balances).
CREATE TABLE accounts (
  account         STRING,
  balanceMinor    BIGINT,
  currency        STRING,
  version         BIGINT,
  changed         TIMESTAMP_LTZ(3),
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'transactions.accounts',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- Settings that a running job is to take over, by the name of the job: the newest row of a job counts, and takes everything back where
-- policy is NULL (view policies_in_force). settings is a JSON object of setting and value.
CREATE TABLE policies (
  job             STRING,
  policy          STRING,
  version         AS TRY_CAST(JSON_VALUE(policy, '$.version') AS BIGINT),
  settings        AS JSON_QUERY(policy, '$.settings'),
  `partition`     INT                METADATA VIRTUAL,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'spillway.policy',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'job',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);

-- Videos that did not start, out at once. sent: when the player meant to send it, in milliseconds; written - sent is the latency.
CREATE TABLE video_alerts (
  id              STRING,
  source          STRING,
  type            STRING,
  priority        STRING,
  `time`          TIMESTAMP_LTZ(3),
  viewer          STRING,
  cdn             STRING,
  isp             STRING,
  sent            BIGINT,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'video.alerts',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- How well videos play, one measure of one network and provider in one window: events, sessions, failed-starts, rebuffer-ratio (0 to 1)
-- or startup-millis. count is exact for events (countExact) and an estimate for the others; bounds are of 95 %. The last row of a measure
-- and window counts (view video_quality).
CREATE TABLE video_qoe (
  cdn             STRING,
  isp             STRING,
  measure         STRING,
  `start`         TIMESTAMP_LTZ(3),
  `end`           TIMESTAMP_LTZ(3),
  kept            BIGINT,
  `count`         DOUBLE,
  countExact      BOOLEAN,
  coverage        DOUBLE,
  `sum`           DOUBLE,
  sumLow          DOUBLE,
  sumHigh         DOUBLE,
  mean            DOUBLE,
  meanLow         DOUBLE,
  meanHigh        DOUBLE,
  `min`           DOUBLE,
  `max`           DOUBLE,
  p50             DOUBLE,
  p95             DOUBLE,
  p99             DOUBLE,
  rankError       DOUBLE,
  distinctViewers DOUBLE,
  reliable        BOOLEAN,
  `offset`        BIGINT             METADATA VIRTUAL,
  written         TIMESTAMP_LTZ(3)   METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR written AS written - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'video.qoe',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.fetch.min.bytes' = '262144',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'
);
