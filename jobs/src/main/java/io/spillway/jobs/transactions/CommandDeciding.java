package io.spillway.jobs.transactions;

import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.clock.Clock;
import org.apache.flink.util.clock.SystemClock;

/**
 * Keyed by account, where all lanes meet: works on a command for as long as {@link SimulatedWork}
 * says, decides it by {@link DecisionRule}, and gives the account as it is then to its readers, if
 * it has changed. Analytics are only counted. The one owner of balances.
 *
 * <p>Remembers the payments and refunds it has decided, though screening has done so: screening
 * stands on each lane for itself, and a copy that comes on the other one, because its priority or
 * the lanes are set otherwise now, must not move money again. Accounts are kept forever.
 */
public final class CommandDeciding extends KeyedProcessFunction<String, ScoredCommand, Decision> {
  public static final String UID = "decide";
  public static final String NAME = "decide commands";

  public static final OutputTag<AccountState> ACCOUNTS =
      new OutputTag<>("accounts", TypeInformation.of(AccountState.class));

  /** One for each command fully processed; empty unless receipts are asked for. */
  public static final OutputTag<Receipt> RECEIPTS =
      new OutputTag<>("receipts", TypeInformation.of(Receipt.class));

  private static final long serialVersionUID = 1L;
  private static final String COUNTED = "counted";

  private final DecisionRule rule;
  private final SeenEvents.Rule seenRule;
  private final SimulatedWork work;
  private final boolean withReceipts;

  private transient Clock clock;
  private transient SeenEvents decided;
  private transient ValueState<Account> account;
  private transient Histogram[] latencyMillis;
  private transient Counter duplicates;
  private transient Counter[] verdicts;
  private transient Counter counted;

  /**
   * @param remembered how long decided commands are remembered at least, in event time
   */
  public CommandDeciding(
      DecisionRule rule, Duration remembered, SimulatedWork work, boolean withReceipts) {
    this.rule = rule;
    this.seenRule = new SeenEvents.Rule(remembered);
    this.work = work;
    this.withReceipts = withReceipts;
  }

  @Override
  public void open(OpenContext context) {
    clock = SystemClock.getInstance();
    decided = new SeenEvents(seenRule, getRuntimeContext());
    account =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("account", TypeInformation.of(Account.class)));
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    latencyMillis = new Histogram[Priority.COUNT];
    for (Priority priority : Priority.values()) {
      latencyMillis[priority.ordinal()] = metrics.endToEndLatencyMillis(priority);
    }
    duplicates = metrics.duplicates();
    verdicts = new Counter[Verdict.values().length];
    for (Verdict verdict : Verdict.values()) {
      verdicts[verdict.ordinal()] = metrics.decisions(verdict.name().toLowerCase(Locale.ROOT));
    }
    counted = metrics.decisions(COUNTED);
  }

  @Override
  public void processElement(ScoredCommand scored, Context context, Collector<Decision> out)
      throws Exception {
    Command command = scored.command();
    if (command.type().movesMoney()
        && !decided.isFirst(command.identity(), command.timeMillis(), context.timerService())) {
      duplicates.inc();
      done(command, context);
      return;
    }
    work.perform();
    if (command.type() == CommandType.ANALYTICS) {
      counted.inc();
    } else {
      decide(scored, context, out);
    }
    done(command, context);
    latencyMillis[command.priority().ordinal()].update(
        clock.absoluteTimeMillis() - command.receipt().sentMillis());
  }

  private void decide(ScoredCommand scored, Context context, Collector<Decision> out)
      throws Exception {
    Account known = account.value();
    Account before = known == null ? Account.NEW : known;
    DecisionRule.Result result = rule.decide(before, scored);
    verdicts[result.verdict().ordinal()].inc();
    out.collect(new Decision(scored, result.verdict(), result.changeMinor(), result.account()));
    if (result.account().version() != before.version()) {
      account.update(result.account());
      context.output(
          ACCOUNTS,
          new AccountState(
              scored.command().account(), result.account(), scored.command().timeMillis()));
    }
  }

  private void done(Command command, Context context) {
    if (withReceipts) {
      context.output(RECEIPTS, command.receipt());
    }
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<Decision> out) throws Exception {
    decided.forget(time);
  }
}
