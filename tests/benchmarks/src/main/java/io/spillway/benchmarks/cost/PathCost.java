package io.spillway.benchmarks.cost;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.LaneMode;
import io.spillway.admission.Lanes;
import io.spillway.config.Settings;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.priority.PriorityRules;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraphGenerator;
import org.apache.flink.util.Collector;

/**
 * What the way of an event through a job costs: headers, decision, lanes, network, worker, on Flink
 * in this process, everything of admission on. Each slot is offered twice what its worker can do,
 * which waits half a millisecond for each event, so the load grows with the slots and a processor
 * is never what they wait for. The cost is processor time of the whole process in some seconds
 * after the beginning, for each event offered.
 */
public final class PathCost {
  private static final long WORK_MICROS = 500;
  private static final double OFFERED_PER_SLOT = 2 * 1e6 / WORK_MICROS;
  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final int SLOTS_OF_A_LANE = 2;
  private static final String EXPRESS = "express";
  private static final String DONE = "done";
  private static final String LATE_NANOS = "late";
  private static final String PROCESSOR_NANOS = "processor";

  private final Duration measured;

  /**
   * What one run showed.
   *
   * @param processorMicros of an event offered
   * @param donePerSecond events that the workers did, of each slot
   * @param lateMillis how far behind the source was in the end
   */
  public record Figures(double processorMicros, double donePerSecond, double lateMillis) {}

  /**
   * @param measured how long to look, once it has settled
   */
  public PathCost(Duration measured) {
    this.measured = measured;
  }

  /** Seconds that one call of {@link #of} takes, about. */
  public double seconds() {
    return SETTLE.plus(measured).toMillis() / 1e3 + 2;
  }

  /**
   * Runs the job once.
   *
   * @param slots subtasks of every stage of a lane
   */
  public Figures of(LaneMode lanes, int slots) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
                new Configuration()
                    .set(PipelineOptions.GENERIC_TYPES, false)
                    .set(PipelineOptions.OBJECT_REUSE, true))
            .setParallelism(slots);
    double seconds = SETTLE.plus(measured).plusMillis(500).toMillis() / 1e3;
    long events = (long) (slots * OFFERED_PER_SLOT * seconds);
    AdmissionOptions options =
        AdmissionOptions.from(
            Settings.of(
                Map.of("lanes", lanes.name().toLowerCase(Locale.ROOT)), AdmissionOptions.OPTIONS));
    Lanes.admit(
            options,
            EventLimits.defaults(),
            PriorityRules.none(),
            lane -> source(env, lane, events))
        .process(new Worker(measured), Types.LONG, "work", "Work", slots)
        .sinkTo(new DiscardingSink<>());
    // The environment would leave its cluster behind when the job has ended, to be stopped some
    // time; this one is gone before the next is measured.
    MiniCluster cluster = new MiniCluster(cluster(SLOTS_OF_A_LANE * slots));
    try {
      cluster.start();
      JobExecutionResult result = cluster.executeJobBlocking(env.getStreamGraph().getJobGraph());
      double micros = result.<Long>getAccumulatorResult(PROCESSOR_NANOS) / 1e3;
      double measuredSeconds = measured.toMillis() / 1e3;
      return new Figures(
          micros / (slots * OFFERED_PER_SLOT * measuredSeconds),
          result.<Long>getAccumulatorResult(DONE) / measuredSeconds / slots,
          result.<Long>getAccumulatorResult(LATE_NANOS) / 1e6);
    } catch (Exception e) {
      throw new IllegalStateException("the job did not run: " + e.getMessage(), e);
    } finally {
      cluster.closeAsync().join();
    }
  }

  private static MiniClusterConfiguration cluster(int slots) {
    return new MiniClusterConfiguration.Builder()
        .setConfiguration(new Configuration().set(RestOptions.BIND_PORT, "0"))
        .setNumTaskManagers(1)
        .setNumSlotsPerTaskManager(slots)
        .build();
  }

  private SingleOutputStreamOperator<RawEvent> source(
      StreamExecutionEnvironment env, String lane, long events) {
    // In one task with the map, which stands in the slots of its lane.
    String group = lane.equals(EXPRESS) ? EXPRESS : StreamGraphGenerator.DEFAULT_SLOT_SHARING_GROUP;
    return env.fromSequence(0, events - 1)
        .slotSharingGroup(group)
        .map(new Pace(measured), TypeInformation.of(RawEvent.class))
        .uid("source-" + lane);
  }

  /** From when on it counts, and until when, by the clock of one subtask. */
  private static final class Span {
    private final long fromNanos;
    private final long toNanos;

    Span(long beginNanos, Duration measured) {
      fromNanos = beginNanos + SETTLE.toNanos();
      toNanos = fromNanos + measured.toNanos();
    }

    boolean holds(long nanos) {
      return nanos - fromNanos >= 0 && nanos - toNanos < 0;
    }
  }

  /** Makes records of numbers, as many a second as a slot is offered, some milliseconds at once. */
  private static final class Pace extends RichMapFunction<Long, RawEvent> {
    private static final long serialVersionUID = 1L;
    private static final double NANOS_PER_EVENT = 1e9 / OFFERED_PER_SLOT;
    private static final long AT_ONCE_NANOS = 4_000_000;

    private final Duration measured;
    private transient RawEvent[] events;
    private transient LongMaximum late;
    private transient LongMaximum processor;
    private transient Span span;
    private transient long beginNanos;
    private transient long sent;
    private transient long processorNanos;
    private transient boolean isMeasuring;

    Pace(Duration measured) {
      this.measured = measured;
    }

    @Override
    public void open(OpenContext context) {
      events = SampleEvents.raw();
      late = new LongMaximum();
      processor = new LongMaximum();
      getRuntimeContext().addAccumulator(LATE_NANOS, late);
      getRuntimeContext().addAccumulator(PROCESSOR_NANOS, processor);
      beginNanos = System.nanoTime();
      span = new Span(beginNanos, measured);
    }

    @Override
    public RawEvent map(Long number) {
      long due = beginNanos + (long) (sent++ * NANOS_PER_EVENT);
      long now = System.nanoTime();
      while (due - now > AT_ONCE_NANOS) {
        LockSupport.parkNanos(due - now);
        now = System.nanoTime();
      }
      measure(now, due);
      RawEvent event = events[(int) (sent % events.length)];
      return new RawEvent(
          event.topic(),
          getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
          sent,
          System.currentTimeMillis(),
          event.key(),
          event.value(),
          event.headers());
    }

    private void measure(long now, long due) {
      if (span.holds(now) != isMeasuring) {
        isMeasuring = !isMeasuring;
        processorNanos = processorNanos() - processorNanos;
        if (!isMeasuring) {
          late.add(Math.max(0, now - due));
          processor.add(processorNanos);
        }
      }
    }

    private static long processorNanos() {
      return ((com.sun.management.OperatingSystemMXBean)
              ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }

  /** Waits for each event and throws it away. */
  private static final class Worker extends ProcessFunction<AdmittedEvent, Long> {
    private static final long serialVersionUID = 1L;

    private final Duration measured;
    private final SimulatedWork work = new SimulatedWork(WORK_MICROS);
    private transient LongCounter done;
    private transient Span span;

    Worker(Duration measured) {
      this.measured = measured;
    }

    @Override
    public void open(OpenContext context) {
      done = new LongCounter();
      getRuntimeContext().addAccumulator(DONE, done);
    }

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Long> out)
        throws InterruptedException {
      work.perform();
      long now = System.nanoTime();
      if (span == null) {
        span = new Span(now, measured);
      }
      if (span.holds(now)) {
        done.add(1L);
      }
    }
  }
}
