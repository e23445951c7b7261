package io.spillway.benchmarks.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.priority.Priority;
import io.spillway.sandbox.audit.AuditReading;
import io.spillway.sandbox.audit.AuditRule;
import io.spillway.sandbox.audit.AuditTopics;
import io.spillway.sandbox.audit.Destination;
import io.spillway.sandbox.audit.Findings;
import io.spillway.sandbox.audit.Problem;
import io.spillway.sandbox.cluster.JobName;
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
 * M5: more than a million events at twelve times the capacity of a job, with a TaskManager killed
 * half-way, exactly once. Judged from the topics alone, in two ways: by the audit of {@code
 * ./spillway audit}, which follows every event by its offset, and by the sequence numbers of each
 * source in input and results. The result of a CRITICAL event is an alert of the IoT job and a
 * decision of the transaction job.
 */
public final class LossRun {
  private static final double FACTOR = 12;
  private static final long EVENTS = 1_000_000;
  private static final long FEW_EVENTS = 120_000;
  private static final String STAGE = "12x";
  private static final String PAYMENT = "transaction.payment";
  private static final Duration READ_LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OnTime onTime;
  private final JobName job;
  private final long events;

  /**
   * What came out.
   *
   * @param produced events in the input
   * @param critical those of them that are CRITICAL
   * @param lost CRITICAL events without a result, by whichever of the two ways finds more
   * @param twice results of CRITICAL events, ledger entries and dead letters that came twice
   * @param problems of any kind that the audit has found, about events of any priority
   * @param lagMillis how late the generator was, p99
   */
  public record Outcome(
      long produced, long critical, long lost, long twice, long problems, double lagMillis) {}

  /**
   * @param job the IoT job or the transaction job
   */
  public LossRun(JobName job, boolean quick) {
    this.onTime = new OnTime("loss, " + job.shortName(), OnTime.LATEST_MILLIS_AMONG_STARTS);
    this.job = job;
    this.events = quick ? FEW_EVENTS : EVENTS;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return plan(DemoPlan.WORKERS * 1e6 / DemoPlan.WORK_MICROS).duration().toSeconds() + 60;
  }

  public Outcome run(LocalCluster cluster, double capacityPerSecond, Progress progress) {
    Variant variant = variant();
    LoadPlan plan = plan(capacityPerSecond);
    String what = "loss at 12x, " + job.shortName();
    progress.say("%s: %d events".formatted(what, plan.events()));
    RunResult result = KilledRun.of(cluster, variant, plan, STAGE, onTime, progress);
    progress.say(what + ": audit");
    AuditTopics topics = AuditTopics.of(job, variant.settings());
    AuditRule rule = AuditRule.of(job, variant.settings(), false);
    Findings findings;
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      findings =
          new AuditReading(cluster.bootstrapServers(), topics, rule)
              .read(broker, OptionalLong.empty(), true);
    }
    CriticalAudit sequences = sequences(cluster.bootstrapServers(), topics, variant.settings());
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

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private DemoPlan demo() {
    return new DemoPlan(job.shortName(), FACTOR, Duration.ofSeconds(10));
  }

  private Variant variant() {
    Variant variant = demo().spillway().with("kafka.delivery", "exactly-once");
    return job == JobName.IOT ? variant.with("alerts.delivery", "exactly-once") : variant;
  }

  private LoadPlan plan(double capacityPerSecond) {
    double rate = FACTOR * capacityPerSecond;
    Duration overload = Duration.ofSeconds((long) Math.ceil(events / rate));
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, 0.5 * capacityPerSecond, Duration.ofSeconds(10)),
            new Stage(STAGE, rate, overload),
            new Stage("recovery", 0.5 * capacityPerSecond, Duration.ofSeconds(10))),
        demo().generator());
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
  private CriticalAudit sequences(
      String bootstrapServers, AuditTopics topics, Map<String, String> settings) {
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
        List.of(job == JobName.IOT ? topics.alerts() : decisions(settings)),
        record -> {
          JsonNode result = json(record);
          if (job == JobName.IOT || result.path("type").asText().equals(PAYMENT)) {
            String source = result.path("source").asText();
            String id = result.path("id").asText();
            audit.accounted(source, Long.parseLong(id.substring(source.length() + 1)));
          }
        });
    return audit;
  }

  private static String decisions(Map<String, String> settings) {
    return settings.getOrDefault("decisions.topic", "transactions.decisions");
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
      throw SandboxException.failure(
          "result at offset %d is no JSON".formatted(record.offset()), e);
    }
  }
}
