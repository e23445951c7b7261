package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.edge.AdmissionReport;
import io.spillway.event.CloudEventHeaders;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.policy.PolicyRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the IoT job tells those who send, on real processes: one source that is over its quota is
 * turned away and told when to come again, others are not, also where its events are on several
 * partitions and count together; and under overload everybody can read how much could come.
 */
@ExtendWith(SharedCluster.class)
class QuotasITCase {
  private static final int EACH = 200;
  private static final int RATE = 5;
  private static final String LIMITED = "hand-s-1-0";
  private static final String REJECTIONS = "quotas.rejections";
  private static final String REPORTS = "quotas.admission";
  private static final String EVERYWHERE = "hand-everywhere";
  private static final String EXACT_REJECTIONS = "exact-quotas.rejections";
  private static final String POLICIES = "exact-quotas.policies";

  @Test
  void aSourceOverItsQuotaIsToldAndAllAreToldHowMuchCouldCome(LocalCluster cluster) {
    cluster.createTopic(REJECTIONS, 1, Map.of());
    cluster.createTopic(REPORTS, 1, Map.of("cleanup.policy", "compact"));
    Map<String, String> settings =
        Map.of(
            "admission.quota.by",
            "source",
            "admission.quota.rates",
            LIMITED + "=" + RATE,
            "rejections.topic",
            REJECTIONS,
            "admission.publish.topic",
            REPORTS,
            "work.micros",
            "500");
    try (IotRun run = IotRun.named("quotas", cluster, settings).start(1);
        HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents rejections = new TopicContents(cluster, REJECTIONS);
        TopicContents reports = new TopicContents(cluster, REPORTS)) {
      for (int i = 0; i < EACH; i++) {
        for (int partition = 0; partition < 2; partition++) {
          producer.send(
              SensorRecord.reading(
                      run.topic("events"), partition, System.currentTimeMillis(), "s-1", i)
                  .toKafka());
        }
      }
      run.await(
          "there is an account of every event",
          j -> j.accounts().produced() == 2 * EACH && j.accounts().count(Fate.UNACCOUNTED) == 0);
      long throttled = run.judge().accounts().count(Fate.THROTTLED);
      assertThat(throttled).isBetween(1L, (long) EACH - RATE);
      assertThat(run.results()).isBetween(1L, 2 * EACH - throttled);
      assertProblemsTellOf(throttled, rejections);

      reports.await(1, report -> report.path("keep").asDouble() == 1);
      run.load(LoadPlan.steady("overload", 8_000, Duration.ofSeconds(10)));
      reports.await(
          1,
          report ->
              report.path("priority").asText().equals("bulk")
                  && report.path("keep").asDouble() < 1
                  && report.path("sustainablePerSecond").isNumber()
                  && report.path("sustainablePerSecond").asDouble()
                      < report.path("offeredPerSecond").asDouble());
      assertEveryReportCanBeRead(reports, run);
    }
  }

  @Test
  void anExactQuotaHoldsOnAllPartitionsUntilAPolicyChangesIt(LocalCluster cluster) {
    cluster.createTopic(EXACT_REJECTIONS, 1, Map.of());
    cluster.createTopic(POLICIES, 1, Map.of("cleanup.policy", "compact"));
    Map<String, String> settings =
        Map.of(
            "admission.quota.by",
            "source",
            "admission.quota.exact",
            "true",
            "admission.quota.rates",
            EVERYWHERE + "=0.001",
            "rejections.topic",
            EXACT_REJECTIONS,
            "policy.topic",
            POLICIES);
    try (IotRun run =
            IotRun.named("exact-quotas", cluster, settings)
                .with(SharedCluster.SLOW_CHECKPOINTS)
                .start(2);
        HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents rejections = new TopicContents(cluster, EXACT_REJECTIONS)) {
      for (int i = 0; i < EACH; i++) {
        producer.send(everywhere(run, i));
      }
      run.await(
          "there is an account of every event",
          j -> j.accounts().produced() == EACH && j.accounts().count(Fate.UNACCOUNTED) == 0);
      assertThat(run.judge().accounts().count(Fate.DELIVERED)).as("a burst for all").isEqualTo(1);
      // A stage that is held up, as by a first checkpoint, is an overload: some may be turned away.
      long over = EACH - 1 - run.judge().accounts().rejected(Priority.NORMAL);
      assertThat(over).as("events over the quota").isPositive();
      assertThat(run.judge().accounts().count(Fate.DEAD_LETTER)).isEqualTo(over);
      List<JsonNode> problems = awaitThrottled(over, rejections);
      assertThat(problems)
          .allSatisfy(
              problem -> {
                assertThat(problem.path("source").asText()).isEqualTo(EVERYWHERE);
                assertThat(problem.path("ratePerSecond").asDouble()).isEqualTo(0.001);
                assertThat(problem.path("retryAfter").asInt()).as("at most").isEqualTo(60);
              });

      new PolicyRecords(cluster.bootstrapServers(), POLICIES)
          .write("iot", new Policy(1, Map.of("admission.quota.rates", EVERYWHERE + "=1000000")));
      AtomicInteger next = new AtomicInteger(EACH);
      run.await(
          "the policy lets more through",
          j -> {
            producer.send(everywhere(run, next.getAndIncrement()));
            return j.accounts().count(Fate.DELIVERED) > 1;
          });
      run.await(
          "there is an account of the others too",
          j -> j.accounts().produced() == next.get() && j.accounts().count(Fate.UNACCOUNTED) == 0);
      assertThat(run.conservation().unknown()).isZero();
    }
  }

  /** An event of one source, on one of two partitions by turns. */
  private static ProducerRecord<byte[], byte[]> everywhere(IotRun run, int i) {
    return SensorRecord.reading(
            run.topic("events"), i % 2, System.currentTimeMillis(), "s-2", i + 1)
        .with(CloudEventHeaders.SOURCE, EVERYWHERE)
        .toKafka();
  }

  /** RFC 9457, one a second at most. */
  private static void assertProblemsTellOf(long throttled, TopicContents rejections) {
    assertThat(awaitThrottled(throttled, rejections))
        .allSatisfy(
            problem -> {
              assertThat(problem.path("type").asText())
                  .isEqualTo("urn:spillway:problem:over-quota");
              assertThat(problem.path("status").asInt()).isEqualTo(429);
              assertThat(problem.path("source").asText()).isEqualTo(LIMITED);
              assertThat(problem.path("ratePerSecond").asDouble()).isEqualTo(RATE);
              assertThat(problem.path("retryAfter").asInt()).isPositive();
              assertThat(problem.path("detail").asText()).startsWith(LIMITED + ": ");
              assertThat(problem.path("instance").asText()).startsWith("kafka:/quotas.events/0/");
            });
  }

  private static List<JsonNode> awaitThrottled(long throttled, TopicContents rejections) {
    List<JsonNode> problems = rejections.await(1, problem -> true);
    while (throttledIn(problems) < throttled) {
      problems = rejections.await(problems.size() + 1, problem -> true);
    }
    assertThat(throttledIn(problems)).isEqualTo(throttled);
    return problems;
  }

  private static long throttledIn(List<JsonNode> problems) {
    return problems.stream().mapToLong(p -> p.path("throttled").path("normal").asLong()).sum();
  }

  private static void assertEveryReportCanBeRead(TopicContents reports, IotRun run) {
    for (ConsumerRecord<byte[], byte[]> each : reports.await(1)) {
      AdmissionReport report = AdmissionReport.read(each.value()).orElseThrow();
      assertThat(report.topic()).isEqualTo(run.topic("events"));
      assertThat(each.key()).as("compacted by it").isEqualTo(report.kafkaKey());
    }
  }
}
