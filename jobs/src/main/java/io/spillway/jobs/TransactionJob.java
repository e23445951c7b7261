package io.spillway.jobs;

import io.spillway.admission.LaneStreams;
import io.spillway.admission.Lanes;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.enrichment.Enrichment;
import io.spillway.enrichment.EnrichmentOptions;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.jobs.risk.RiskService;
import io.spillway.jobs.transactions.AccountState;
import io.spillway.jobs.transactions.Command;
import io.spillway.jobs.transactions.CommandDeciding;
import io.spillway.jobs.transactions.CommandDecoding;
import io.spillway.jobs.transactions.CommandScreening;
import io.spillway.jobs.transactions.Decision;
import io.spillway.jobs.transactions.RiskScoring;
import io.spillway.jobs.transactions.ScoredCommand;
import io.spillway.jobs.work.Receipt;
import io.spillway.ledger.LedgerEntry;
import io.spillway.policy.Policy;
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
 *   commands -> classify and admit -> [lanes] -> decode -> screen -> score risk -> decide -> decisions, accounts
 *                    |                             |         |    (if asked for)     |
 *           ledger, dead letters             dead letters   receipts (if asked for) -+
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
    JobFrame frame = JobFrame.in(env, settings);
    Lanes lanes = frame.lanes(null, first, "commands", COMMANDS_UID);
    Outputs outputs = wire(lanes, settings, env.getParallelism());
    AdmissionTopics.write(lanes, frame);
    frame.write(
        outputs.decisions(),
        new JsonRecords<>(options.decisionsTopic(), Decision::kafkaKey, Decision::toJson),
        DECISIONS_UID,
        "decisions");
    frame.write(
        outputs.accounts(),
        new JsonRecords<>(options.accountsTopic(), AccountState::kafkaKey, AccountState::toJson),
        ACCOUNTS_UID,
        "accounts");
    frame.writeBeside(lanes, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  /** Each lane asks for itself, so that a payment never stands behind questions of others. */
  private static LaneStreams<ScoredCommand> withRisk(
      LaneStreams<ScoredCommand> screened,
      Settings settings,
      TransactionOptions options,
      int parallelism) {
    if (!options.asksForRisk()) {
      return screened;
    }
    return screened.then(
        RiskScoring.UID,
        RiskScoring.NAME,
        parallelism,
        (stream, lane) ->
            Enrichment.attach(
                stream,
                lane,
                EnrichmentOptions.from(settings),
                new RiskService(options.riskAddress()),
                new RiskScoring(),
                TypeInformation.of(ScoredCommand.class)));
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
                            options.dedupeTtl(),
                            options.velocityWindow(),
                            options.flow().withReceipts()),
                        TypeInformation.of(ScoredCommand.class)));
    SingleOutputStreamOperator<Decision> decisions =
        withRisk(screened, settings, options, parallelism)
            .meet(
                scored -> scored.command().account(),
                Types.STRING,
                new CommandDeciding(
                    options.rule(),
                    options.dedupeTtl(),
                    options.flow().work(),
                    options.flow().withReceipts()),
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
}
