package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.LaneStreams;
import io.spillway.admission.Lanes;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.retention.DeferredWatchOperator;
import io.spillway.jobs.transactions.AccountState;
import io.spillway.jobs.transactions.Command;
import io.spillway.jobs.transactions.CommandDeciding;
import io.spillway.jobs.transactions.CommandDecoding;
import io.spillway.jobs.transactions.CommandScreening;
import io.spillway.jobs.transactions.Decision;
import io.spillway.jobs.transactions.ScoredCommand;
import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerRecordSerializer;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.PriorityRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Card payments: each command is decided once, whatever comes twice or fails in between, and the
 * balances of all accounts are for others to read.
 *
 * <pre>
 *   commands -> classify and admit -> [lanes] -> decode -> screen -> decide -> decisions, accounts
 *                    |                             |         |          |
 *           ledger, dead letters             dead letters   receipts (if asked for)
 * </pre>
 *
 * <p>Decoding and screening stand on each lane, so a payment never waits for anything else before
 * it is decided; deciding is one stage by account with both lanes as inputs, the express lane
 * first. All that a decision says of money is written in transactions by default, receipts are at
 * least once. State backend and checkpoints are the cluster's configuration.
 */
public final class TransactionJob {
  static final String NAME = "Spillway transactions";

  static final String COMMANDS_UID = "commands-v1";
  static final String DECISIONS_UID = "decisions-sink-v1";
  static final String ACCOUNTS_UID = "accounts-sink-v1";

  private TransactionJob() {}

  /** What comes out of the job, before it is written anywhere. */
  record Outputs(
      DataStream<Decision> decisions,
      DataStream<AccountState> accounts,
      DataStream<Receipt> receipts,
      DataStream<DeadLetter> deadLetters,
      DataStream<LedgerEntry> ledger) {}

  /**
   * @throws InvalidSettings for a setting that cannot work, before anything is submitted
   */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, TransactionOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    KafkaTopics.check(settings, TransactionOptions.TOPICS);
    build(env, settings, KafkaPolicyTopic.inForce(settings));
    env.execute(NAME);
  }

  /**
   * The whole job: Kafka in, {@link #wire}, Kafka out. Talks to no broker.
   *
   * @param first the policy to begin with
   */
  static void build(StreamExecutionEnvironment env, Settings settings, Policy first) {
    TransactionOptions options = TransactionOptions.from(settings);
    Delivery delivery = settings.get(KafkaOptions.DELIVERY);
    IotIngestionJob.requireStableState(env);
    Lanes lanes = lanes(env, settings, options, first);
    Outputs outputs = wire(lanes, settings, env.getParallelism());
    AdmissionTopics.write(lanes, settings);
    IotIngestionJob.write(
        outputs.decisions(),
        new JsonRecords<>(options.decisionsTopic(), Decision::kafkaKey, Decision::toJson),
        DECISIONS_UID,
        "decisions",
        delivery,
        settings);
    IotIngestionJob.write(
        outputs.accounts(),
        new JsonRecords<>(options.accountsTopic(), AccountState::kafkaKey, AccountState::toJson),
        ACCOUNTS_UID,
        "accounts",
        delivery,
        settings);
    if (options.withReceipts()) {
      IotIngestionJob.write(
          outputs.receipts(),
          new JsonRecords<>(options.receiptsTopic(), receipt -> null, Receipt::toJson),
          IotIngestionJob.RECEIPTS_UID,
          "receipts",
          Delivery.AT_LEAST_ONCE,
          settings);
    }
    IotIngestionJob.write(
        outputs.deadLetters(),
        new DeadLetterRecordSerializer(options.deadLettersTopic()),
        IotIngestionJob.DEAD_LETTERS_UID,
        "dead letters",
        delivery,
        settings);
    IotIngestionJob.write(
        DeferredWatchOperator.attach(outputs.ledger(), watched(settings, options)),
        new LedgerRecordSerializer(options.ledgerTopic()),
        IotIngestionJob.LEDGER_UID,
        "ledger",
        delivery,
        settings);
  }

  /** From lanes to decisions. */
  static Outputs wire(Lanes lanes, Settings settings, int parallelism) {
    TransactionOptions options = TransactionOptions.from(settings);
    LaneStreams<Command> commands =
        lanes
            .streams()
            .then(
                CommandDecoding.UID,
                CommandDecoding.NAME,
                parallelism,
                (events, lane) ->
                    events.process(
                        new CommandDecoding(EventLimits.from(settings)),
                        TypeInformation.of(Command.class)));
    LaneStreams<ScoredCommand> screened =
        commands.then(
            CommandScreening.UID,
            CommandScreening.NAME,
            parallelism,
            (stream, lane) ->
                stream
                    .keyBy(Command::account, Types.STRING)
                    .process(
                        new CommandScreening(
                            options.dedupeTtl(), options.velocityWindow(), options.withReceipts()),
                        TypeInformation.of(ScoredCommand.class)));
    SingleOutputStreamOperator<Decision> decisions =
        screened.meet(
            scored -> scored.command().account(),
            Types.STRING,
            new CommandDeciding(
                options.rule(),
                options.dedupeTtl(),
                new SimulatedWork(options.workMicros()),
                options.withReceipts()),
            TypeInformation.of(Decision.class),
            CommandDeciding.UID,
            CommandDeciding.NAME,
            parallelism);
    return new Outputs(
        decisions,
        decisions.getSideOutput(CommandDeciding.ACCOUNTS),
        decisions
            .getSideOutput(CommandDeciding.RECEIPTS)
            .union(screened.sideOutput(CommandScreening.RECEIPTS)),
        lanes.deadLetters().union(commands.sideOutput(CommandDecoding.DEAD_LETTERS)),
        lanes.ledger());
  }

  private static DeferredWatchOperator.Watched watched(
      Settings settings, TransactionOptions options) {
    Map<String, String> clients = new HashMap<>(settings.get(KafkaOptions.PROPERTIES));
    clients.put("bootstrap.servers", settings.get(KafkaOptions.BOOTSTRAP_SERVERS));
    String input = settings.get(KafkaOptions.INPUT_TOPIC);
    return new DeferredWatchOperator.Watched(
        clients,
        options.ledgerTopic(),
        Set.copyOf(settings.get(KafkaOptions.INPUT_MODE).topics(input)),
        options.deferredWatch());
  }

  private static Lanes lanes(
      StreamExecutionEnvironment env, Settings settings, TransactionOptions options, Policy first) {
    PolicyFeed policies =
        options.followsPolicies()
            ? new PolicyFeed(options.policyJob(), KafkaPolicyTopic.of(settings), first)
            : null;
    return Lanes.admit(
        AdmissionOptions.from(settings),
        EventLimits.from(settings),
        PriorityRules.parse(options.priorityRules()),
        null,
        policies,
        lane -> commands(env, settings, lane));
  }

  private static SingleOutputStreamOperator<RawEvent> commands(
      StreamExecutionEnvironment env, Settings settings, String lane) {
    boolean shared = lane.equals("all");
    return env.fromSource(
            KafkaTopics.source(settings, lane),
            EventTime.from(settings),
            shared ? "commands" : "commands (" + lane + ")",
            TypeInformation.of(RawEvent.class))
        .uid(shared ? COMMANDS_UID : lane + "-" + COMMANDS_UID);
  }
}
