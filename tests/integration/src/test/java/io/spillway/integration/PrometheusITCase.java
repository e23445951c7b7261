package io.spillway.integration;

import static io.spillway.integration.SensorRecord.reading;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.event.CloudEventHeaders;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.Terms;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.PrometheusText.Sample;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/**
 * Every metric of the library, as a Prometheus server would scrape it from JobManager and
 * TaskManagers.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusITCase {
  private static final int EVENTS_OF_EACH_PRIORITY = 3;
  private static final int BEHIND_THE_END = 1_000;
  private static final String COORDINATOR = "flink_jobmanager_job_operator_coordinator_";

  private IotRun run;
  private List<Sample> scraped;
  private List<Sample> samples;

  @BeforeAll
  void processSomeEvents(LocalCluster cluster) {
    run = IotRun.named("prometheus", cluster, Map.of("deferred.watch-interval", "1s")).start(1);
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      long now = System.currentTimeMillis();
      for (Priority priority : Priority.values()) {
        for (int i = 0; i < EVENTS_OF_EACH_PRIORITY; i++) {
          producer.send(
              reading(run.topic("events"), i, now, priority.wireName(), i + 1)
                  .with(CloudEventHeaders.PRIORITY, priority.wireName())
                  .toKafka());
        }
      }
      RecordMetadata event =
          producer.send(
              reading(run.topic("events"), 0, now, "bad", 1)
                  .with(CloudEventHeaders.PRIORITY, "urgent")
                  .toKafka());
      producer.send(deferred(event.partition(), event.offset()));
    }
    Await.until(
        IotRun.LIMIT,
        () -> {
          samples = scrape(cluster);
          return named(SpillwayMetrics.DEFERRED_EVENTS).stream().anyMatch(s -> s.value() == 1)
              && values(SpillwayMetrics.DEAD_LETTERS, "reason", "bad_header") == 1
              && Stream.of(Priority.values()).allMatch(this::isSettled);
        });
  }

  @AfterAll
  void stop() {
    if (run != null) {
      run.close();
    }
  }

  @Test
  void countsWhatReachedAdmissionByPriority() {
    assertThat(Stream.of(Priority.values()).map(p -> count(SpillwayMetrics.EVENTS_SEEN, p)))
        .containsOnly((double) EVENTS_OF_EACH_PRIORITY);
  }

  /** On a busy machine even a few events can be too many at first. */
  @Test
  void countsWhatWasLetInAndWhatWasNotByPriorityAndReason() {
    List<Sample> rejections = named(SpillwayMetrics.EVENTS_REJECTED);
    assertThat(labels(rejections, "priority")).isEqualTo(priorities());
    assertThat(labels(rejections, "reason"))
        .contains("shed", "lane_full", "expired", "deferred", "throttled");
    assertThat(count(SpillwayMetrics.EVENTS_ADMITTED, Priority.CRITICAL))
        .isEqualTo(EVENTS_OF_EACH_PRIORITY);
    assertThat(Stream.of(Priority.values()).map(p -> admitted(p) + rejected(p)))
        .containsOnly((double) EVENTS_OF_EACH_PRIORITY);
  }

  @Test
  void countsDeadLettersByReason() {
    assertThat(labels(named(SpillwayMetrics.DEAD_LETTERS), "reason"))
        .contains("bad_header", "bad_time", "empty_value", "too_large", "bad_payload", "late");
    assertThat(values(SpillwayMetrics.DEAD_LETTERS, "reason", "bad_header")).isEqualTo(1);
  }

  @Test
  void showsTheFillOfEachLaneAsAShare() {
    List<Sample> fills = named(SpillwayMetrics.LANE_FILL);
    assertThat(labels(fills, "lane")).isEqualTo(Set.of("express", "bulk"));
    assertThat(fills).extracting(Sample::value).allMatch(fill -> fill >= 0 && fill < 2);
  }

  @Test
  void showsTheKeepProbabilityOfEachPriority() {
    List<Sample> keep = named(SpillwayMetrics.KEEP_PROBABILITY);
    assertThat(labels(keep, "priority")).isEqualTo(priorities());
    assertThat(keep).extracting(Sample::value).allMatch(p -> p >= 0 && p <= 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SpillwayMetrics.QUEUE_DELAY_MS, SpillwayMetrics.CAPACITY_PER_SECOND})
  void showsForEachSubtaskOfAdmission(String metric) {
    assertThat(named(metric)).hasSize(1);
  }

  @Test
  void showsTheOfferedLoadByPriority() {
    assertThat(labels(named(SpillwayMetrics.OFFERED_PER_SECOND), "priority"))
        .isEqualTo(priorities());
  }

  @Test
  void showsQuantilesOfTheLatencyByPriority() {
    List<Sample> latencies = named(SpillwayMetrics.END_TO_END_LATENCY_MS);
    assertThat(labels(latencies, "priority")).isEqualTo(priorities());
    assertThat(labels(latencies, "quantile")).contains("0.5", "0.99");
  }

  @Test
  void showsWhatIsDeferredAndHowLongKafkaKeepsIt() {
    assertThat(deferred(SpillwayMetrics.DEFERRED_EVENTS)).isEqualTo(1);
    assertThat(deferred(SpillwayMetrics.DEFERRED_EVENTS_GONE)).isEqualTo(1);
    double age = deferred(SpillwayMetrics.DEFERRED_OLDEST_SECONDS);
    assertThat(age).isBetween(0.0, (double) IotRun.LIMIT.toSeconds());
    double day = 24 * 3_600;
    assertThat(deferred(SpillwayMetrics.DEFERRED_RETENTION_SECONDS)).isBetween(day - age - 5, day);
    assertThat(deferred(SpillwayMetrics.DEFERRED_RETENTION_LEFT)).isBetween(0.99, 1.0);
  }

  /** Under the name that the alert rules have. */
  private double deferred(String metric) {
    List<Sample> found = named(metric);
    assertThat(found).extracting(Sample::name).containsExactly(COORDINATOR + metric);
    return found.get(0).value();
  }

  /** An event that is there and one that is not, by a lane that the job does not have. */
  private ProducerRecord<byte[], byte[]> deferred(int partition, long offset) {
    LedgerEntry entry =
        new LedgerEntry(
            run.topic("events"),
            partition,
            offset,
            offset + BEHIND_THE_END,
            "by-hand",
            new long[Priority.COUNT],
            new long[Outcome.COUNT][Priority.COUNT],
            Map.of(Outcome.DEFERRED, RoaringBitmap.bitmapOf(0, BEHIND_THE_END)),
            Terms.unknown());
    return new ProducerRecord<>(run.topic("ledger"), LedgerJson.write(entry));
  }

  @Test
  void namesTheJobInEachSample() {
    List<Sample> ours = samples.stream().filter(s -> s.name().contains("spillway")).toList();
    assertThat(labels(ours, "job_name")).containsExactly("Spillway_IoT_ingestion");
  }

  @Test
  void exportsEveryMetricThatMonitoringIsSaidToUse() {
    assertThat(ExportedMetrics.ofIot()).hasSizeGreaterThan(30);
    assertThat(ExportedMetrics.missing(ExportedMetrics.ofIot(), scraped, run.jobId())).isEmpty();
  }

  /** Every event of this priority has gone all the way, or was turned away. */
  private boolean isSettled(Priority priority) {
    return admitted(priority) + rejected(priority) == EVENTS_OF_EACH_PRIORITY
        && count(SpillwayMetrics.END_TO_END_LATENCY_MS + "_count", priority) == admitted(priority);
  }

  private double admitted(Priority priority) {
    return count(SpillwayMetrics.EVENTS_ADMITTED, priority);
  }

  private double rejected(Priority priority) {
    return count(SpillwayMetrics.EVENTS_REJECTED, priority);
  }

  private double count(String metric, Priority priority) {
    return values(metric, "priority", priority.wireName());
  }

  private static Set<String> priorities() {
    return Stream.of(Priority.values()).map(Priority::wireName).collect(Collectors.toSet());
  }

  /** Samples of this run whose name ends like this. */
  private List<Sample> named(String metric) {
    return samples.stream().filter(sample -> sample.name().endsWith("_" + metric)).toList();
  }

  private double values(String metric, String label, String value) {
    return named(metric).stream()
        .filter(sample -> sample.label(label).equals(value))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static Set<String> labels(List<Sample> samples, String label) {
    return samples.stream().map(sample -> sample.label(label)).collect(Collectors.toSet());
  }

  private List<Sample> scrape(LocalCluster cluster) {
    scraped = ExportedMetrics.scrape(cluster);
    return scraped.stream().filter(sample -> sample.label("job_id").equals(run.jobId())).toList();
  }
}
