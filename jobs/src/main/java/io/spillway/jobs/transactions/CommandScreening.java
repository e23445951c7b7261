package io.spillway.jobs.transactions;

import io.spillway.jobs.work.Receipt;
import io.spillway.metrics.SpillwayMetrics;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Keyed by account: a second copy of a command leaves here, before it counts for anything or costs
 * a call, with a receipt, for nothing is left to do about it. The first one of a payment counts in
 * the velocity window of its account, whatever is decided about it. State of an account that has
 * had no command for a while is gone after at most twice the time to live of ids.
 */
public final class CommandScreening extends KeyedProcessFunction<String, Command, ScoredCommand> {
  public static final String UID = "screen";
  public static final String NAME = "screen commands";

  /** Of second copies; empty unless receipts are asked for. */
  public static final OutputTag<Receipt> RECEIPTS =
      new OutputTag<>("receipts of duplicates", TypeInformation.of(Receipt.class));

  private static final long serialVersionUID = 1L;

  private static final int BUCKETS = 10;

  private final SeenEvents.Rule seenRule;
  private final VelocityWindow.Rule velocityRule;
  private final boolean withReceipts;

  private transient SeenEvents seen;
  private transient ValueState<VelocityWindow> window;
  private transient Counter duplicates;

  /**
   * @param remembered how long ids are remembered at least, in event time
   * @param velocityWindow length of the window of payments, at most {@code remembered}
   */
  public CommandScreening(Duration remembered, Duration velocityWindow, boolean withReceipts) {
    this.seenRule = new SeenEvents.Rule(remembered);
    this.velocityRule = new VelocityWindow.Rule(velocityWindow.toMillis() / BUCKETS, BUCKETS);
    this.withReceipts = withReceipts;
  }

  @Override
  public void open(OpenContext context) {
    seen = new SeenEvents(seenRule, getRuntimeContext());
    window =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>("velocity", TypeInformation.of(VelocityWindow.class)));
    duplicates = new SpillwayMetrics(getRuntimeContext().getMetricGroup()).duplicates();
  }

  @Override
  public void processElement(Command command, Context context, Collector<ScoredCommand> out)
      throws Exception {
    if (!seen.isFirst(command.identity(), command.timeMillis(), context.timerService())) {
      duplicates.inc();
      if (withReceipts) {
        context.output(RECEIPTS, command.receipt());
      }
      return;
    }
    out.collect(new ScoredCommand(command, velocity(command), Risk.NOT_ASKED));
  }

  private Velocity velocity(Command command) throws Exception {
    if (command.type() != CommandType.PAYMENT) {
      return Velocity.NONE;
    }
    VelocityWindow with =
        velocityRule.add(window.value(), command.timeMillis(), command.amountMinor());
    window.update(with);
    return with.total();
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<ScoredCommand> out)
      throws Exception {
    if (seen.forget(time)) {
      window.clear();
    }
  }
}
