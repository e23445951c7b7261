package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.admission.OnwardRecordSerializer;
import io.spillway.admission.RejectionCounting;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.retention.DeferredWatchOperator;
import io.spillway.jobs.work.Receipt;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerRecordSerializer;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.PriorityRules;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What stands around the stages of every job: before them the input with admission and lanes,
 * behind them the sinks of what is no result of theirs. Talks to no broker.
 *
 * <p>Admission is chained to the source, and to admission the sinks of the ledger and of events
 * onward; on the way to the ledger is an operator whose coordinator watches, beside the JobManager,
 * how long Kafka still keeps what was deferred.
 */
record JobFrame(StreamExecutionEnvironment env, Settings settings, FlowOptions options) {
  static final String RECEIPTS_UID = "receipts-sink-v1";
  static final String ONWARD_UID = "onward-%s-sink-v1";
  static final String LEDGER_UID = "ledger-sink-v1";
  static final String DEAD_LETTERS_UID = "dead-letters-sink-v1";

  /** Around a job in this environment, whose state is to outlive deployments. */
  static JobFrame in(StreamExecutionEnvironment env, Settings settings) {
    requireStableState(env);
    return new JobFrame(env, settings, FlowOptions.from(settings));
  }

  /** State must find its operator and its serializer again after the next deployment. */
  static void requireStableState(StreamExecutionEnvironment env) {
    env.configure(
        new Configuration()
            .set(PipelineOptions.AUTO_GENERATE_UIDS, false)
            .set(PipelineOptions.GENERIC_TYPES, false)
            .set(PipelineOptions.OBJECT_REUSE, true));
  }

  /**
   * The input of the job, classified and admitted.
   *
   * @param counting by what events are counted that are not admitted; null for not at all
   * @param first the policy to begin with
   * @param input what the job calls its input, in the name of the source
   */
  Lanes lanes(RejectionCounting counting, Policy first, String input, String uid) {
    PolicyFeed policies =
        options.followsPolicies()
            ? new PolicyFeed(options.policyJob(), KafkaPolicyTopic.of(settings), first)
            : null;
    return Lanes.admit(
        AdmissionOptions.from(settings),
        EventLimits.from(settings),
        PriorityRules.parse(options.priorityRules()),
        counting,
        policies,
        lane -> source(lane, input, uid));
  }

  private SingleOutputStreamOperator<RawEvent> source(String lane, String input, String uid) {
    boolean shared = lane.equals("all");
    return env.fromSource(
            KafkaTopics.source(settings, lane),
            EventTime.from(settings),
            shared ? input : "%s (%s)".formatted(input, lane),
            TypeInformation.of(RawEvent.class))
        .uid(shared ? uid : lane + "-" + uid);
  }

  /** Results of the job, with the guarantee that its settings ask for. */
  <T> void write(
      DataStream<T> results, KafkaRecordSerializationSchema<T> records, String uid, String name) {
    write(results, records, uid, name, settings.get(KafkaOptions.DELIVERY));
  }

  <T> void write(
      DataStream<T> results,
      KafkaRecordSerializationSchema<T> records,
      String uid,
      String name,
      Delivery delivery) {
    results.sinkTo(KafkaTopics.sink(settings, records, delivery, uid)).uid(uid).name(name);
  }

  /** What every job writes beside its results: as far as its settings ask for it. */
  void writeBeside(
      Lanes lanes,
      DataStream<Receipt> receipts,
      DataStream<DeadLetter> deadLetters,
      DataStream<LedgerEntry> ledger) {
    writeReceipts(receipts);
    writeOnward(lanes);
    writeDeadLetters(deadLetters, settings.get(KafkaOptions.DELIVERY));
    write(
        DeferredWatchOperator.attach(ledger, watched()),
        new LedgerRecordSerializer(options.ledgerTopic()),
        LEDGER_UID,
        "ledger");
  }

  /** If there are any. At least once: they do not wait for a checkpoint. */
  void writeReceipts(DataStream<Receipt> receipts) {
    if (options.withReceipts()) {
      write(
          receipts,
          new JsonRecords<>(options.receiptsTopic(), receipt -> null, Receipt::toJson),
          RECEIPTS_UID,
          "receipts",
          Delivery.AT_LEAST_ONCE);
    }
  }

  void writeDeadLetters(DataStream<DeadLetter> deadLetters, Delivery delivery) {
    write(
        deadLetters,
        new DeadLetterRecordSerializer(options.deadLettersTopic()),
        DEAD_LETTERS_UID,
        "dead letters",
        delivery);
  }

  /**
   * What was admitted, for a next job. Before the expensive stage and beside it: the next job sees
   * what this one let in, at once, also what this one then cannot read or has not come to yet. A
   * sink for each lane, chained to admission, so that lanes stay apart and the buffers of a lane
   * hold what its stage has to do and nothing else.
   */
  private void writeOnward(Lanes lanes) {
    if (!options.withEventsOnward()) {
      return;
    }
    long seed = AdmissionOptions.from(settings).seed();
    lanes.admitted(
        (lane, events) ->
            write(
                events,
                new OnwardRecordSerializer(options.onwardTopic(), seed),
                ONWARD_UID.formatted(lane),
                "events onward (" + lane + ")"));
  }

  private DeferredWatchOperator.Watched watched() {
    return new DeferredWatchOperator.Watched(
        KafkaTopics.clients(settings),
        options.ledgerTopic(),
        Set.copyOf(KafkaTopics.input(settings)),
        options.deferredWatch());
  }
}
