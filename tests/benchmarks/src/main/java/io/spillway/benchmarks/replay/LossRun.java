package io.spillway.benchmarks.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.priority.Priority;
import io.spillway.sandbox.audit.AuditReading;
import io.spillway.sandbox.audit.AuditRule;
import io.spillway.sandbox.audit.AuditTopics;
import io.spillway.sandbox.audit.Destination;
import io.spillway.sandbox.audit.Findings;
import io.spillway.sandbox.audit.Problem;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Attributes;
import io.spillway.sandbox.measure.CriticalAudit;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.TopicReader;
import io.spillway.sandbox.measure.Variant;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * M5: more than a million events at twelve times the capacity, with a TaskManager killed half-way,
 * exactly once. Judged from the topics alone, in two ways: by the audit of {@code ./spillway
 * audit}, which follows every event by its offset and asks for an alert for each CRITICAL one, and
 * by the sequence numbers of each source in input and alerts.
 */
public final class LossRun {
  private static final double FACTOR = 12;
  private static final long EVENTS = 1_000_000;
  private static final long FEW_EVENTS = 120_000;
  private static final String STAGE = "12x";
  private static final Duration READ_LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long events;

  /**
   * What came out.
   *
   * @param produced events in the input
   * @param critical those of them that are CRITICAL
   * @param lost CRITICAL events without a result, by whichever of the two ways finds more
   * @param twice alerts, ledger entries and dead letters that came twice
   * @param problems of any kind that the audit has found, about events of any priority
   * @param lagMillis how late the generator was, p99
   */
  public record Outcome(
      long produced, long critical, long lost, long twice, long problems, double lagMillis) {}

  public LossRun(boolean quick) {
    this.events = quick ? FEW_EVENTS : EVENTS;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return plan(DemoPlan.WORKERS * 1e6 / DemoPlan.WORK_MICROS).duration().toSeconds() + 60;
  }

  public Outcome run(LocalCluster cluster, double capacityPerSecond, Progress progress) {
    Variant variant =
        new DemoPlan("iot", FACTOR, Duration.ofSeconds(10))
            .spillway()
            .with("kafka.delivery", "exactly-once")
            .with("alerts.delivery", "exactly-once");
    LoadPlan plan = plan(capacityPerSecond);
    progress.say("loss at 12x: %d events".formatted(plan.events()));
    RunResult result = KilledRun.of(cluster, variant, plan, STAGE, progress);
    progress.say("loss at 12x: audit");
    AuditTopics topics = AuditTopics.of(variant.settings());
    AuditRule rule = AuditRule.of(variant.settings(), false);
    Findings findings;
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      findings =
          new AuditReading(cluster.bootstrapServers(), topics, rule)
              .read(broker, OptionalLong.empty(), true);
    }
    CriticalAudit sequences = sequences(cluster.bootstrapServers(), topics);
    long lost =
        findings.count(Priority.CRITICAL, Destination.MISSING)
            + findings.count(Problem.Kind.NO_ALERT);
    return new Outcome(
        findings.seen(),
        findings.seen(Priority.CRITICAL),
        Math.max(lost, sequences.missing()),
        findings.count(Problem.Kind.DOUBLE) + sequences.repeats(),
        problems(findings),
        result.generatorLag().p99Millis());
  }

  private LoadPlan plan(double capacityPerSecond) {
    double rate = FACTOR * capacityPerSecond;
    Duration overload = Duration.ofSeconds((long) Math.ceil(events / rate));
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, 0.5 * capacityPerSecond, Duration.ofSeconds(10)),
            new Stage(STAGE, rate, overload),
            new Stage("recovery", 0.5 * capacityPerSecond, Duration.ofSeconds(10))),
        Map.of("mix", DemoPlan.MIX));
  }

  private static long problems(Findings findings) {
    long all = findings.holds() ? 0 : 1;
    long counted = 0;
    for (Problem.Kind kind : Problem.Kind.values()) {
      counted += findings.count(kind);
    }
    return Math.max(all, counted);
  }

  /** The generator's ids are its source and its sequence number. */
  private static CriticalAudit sequences(String bootstrapServers, AuditTopics topics) {
    CriticalAudit audit = new CriticalAudit();
    read(
        bootstrapServers,
        topics.inputs(),
        record -> {
          Attributes event = Attributes.of(record);
          if (event.priority() == Priority.CRITICAL) {
            audit.produced(Attributes.text(event.source()), event.sequence());
          }
        });
    read(
        bootstrapServers,
        List.of(topics.alerts()),
        record -> {
          JsonNode alert = json(record);
          String source = alert.path("source").asText();
          String id = alert.path("id").asText();
          audit.accounted(source, Long.parseLong(id.substring(source.length() + 1)));
        });
    return audit;
  }

  private static void read(
      String bootstrapServers,
      List<String> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    topics.forEach(topic -> TopicReader.readAll(bootstrapServers, topic, READ_LIMIT, visitor));
  }

  private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw SandboxException.failure("alert at offset %d is no JSON".formatted(record.offset()), e);
    }
  }
}
