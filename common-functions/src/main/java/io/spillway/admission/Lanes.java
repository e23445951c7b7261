package io.spillway.admission;

import io.spillway.edge.AdmissionReport;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Settlement;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import io.spillway.quota.QuotaName;
import io.spillway.quota.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.OutputTag;

/**
 * A job's lanes: raw events in, admitted events out through a stage of the job's own, and what was
 * not admitted beside it. The whole of the library that a job must know:
 *
 * <pre>{@code
 * Lanes lanes = Lanes.admit(options, limits, rules, lane -> env.fromSource(...).uid(...));
 * DataStream<Result> results = lanes.process(new MyFunction(), type, "process", "Process events", 2);
 * lanes.ledger().sinkTo(...);
 * lanes.deadLetters().sinkTo(...);
 * }</pre>
 *
 * The first stage behind the lanes is never chained to admission, for only then has a lane buffers
 * of its own. In {@link LaneMode#ISOLATED} each lane has its own source and its own copy of the
 * stage, and the express lane slots of its own; the bulk lane shares its slots with what follows,
 * where the results are brought together. So an isolated job needs twice its parallelism of slots.
 */
public final class Lanes {
  private static final String ADMISSION_UID = "admission";
  private static final String ADMISSION_NAME = "Classify and admit";
  private static final String READMISSION_UID = "readmission";
  private static final String READMISSION_NAME = "Classify and admit again";
  private static final String VERSION = "-v1";

  private record Admitted(Lane lane, DataStream<AdmittedEvent> events) {
    DataStream<AdmittedEvent> stream() {
      return events.rebalance();
    }
  }

  private final LaneMode mode;
  private final AdmissionOptions options;
  private final PolicyFeed policies;
  private final List<SingleOutputStreamOperator<AdmittedEvent>> admissions = new ArrayList<>();
  private final List<Admitted> lanes = new ArrayList<>();
  private final List<SingleOutputStreamOperator<AdmittedEvent>> quotas = new ArrayList<>();
  private final List<SingleOutputStreamOperator<?>> stages = new ArrayList<>();

  private Lanes(LaneMode mode, AdmissionOptions options, PolicyFeed policies) {
    this.mode = mode;
    this.options = options;
    this.policies = policies;
  }

  /**
   * Puts admission behind a source.
   *
   * @param counting by what to count the events that are not admitted, see {@link #rejected}; null
   *     for not at all
   * @param policies what is followed while the job runs, by every operator that goes by the
   *     options; null for nothing
   * @param source gives the raw events for a lane; called once with {@code all}, or in isolated
   *     mode once for each lane with its name. Every stream it gives in isolated mode holds all
   *     events.
   */
  public static Lanes admit(
      AdmissionOptions options,
      EventLimits limits,
      PriorityRules rules,
      RejectionCounting counting,
      PolicyFeed policies,
      Function<String, ? extends SingleOutputStreamOperator<RawEvent>> source) {
    List<Lane> lanes = Lane.of(options);
    Lanes result = new Lanes(options.lanes(), options, options.enabled() ? policies : null);
    if (options.lanes() == LaneMode.ISOLATED) {
      for (Lane lane : lanes) {
        SingleOutputStreamOperator<RawEvent> events =
            source.apply(lane.name()).slotSharingGroup(lane.slots());
        result.add(events, limits, rules, counting, lane.name(), List.of(lane));
      }
    } else {
      result.add(source.apply(Lane.ALL), limits, rules, counting, Lane.ALL, lanes);
    }
    return result;
  }

  /** As above, for a job that goes by its own options for as long as it runs. */
  public static Lanes admit(
      AdmissionOptions options,
      EventLimits limits,
      PriorityRules rules,
      RejectionCounting counting,
      Function<String, ? extends SingleOutputStreamOperator<RawEvent>> source) {
    return admit(options, limits, rules, counting, null, source);
  }

  /** As above, for a job that does not ask how many events of which key were not admitted. */
  public static Lanes admit(
      AdmissionOptions options,
      EventLimits limits,
      PriorityRules rules,
      Function<String, ? extends SingleOutputStreamOperator<RawEvent>> source) {
    return admit(options, limits, rules, null, source);
  }

  /**
   * One lane for everything that a replay reads again: nothing is turned away, every event counts
   * for itself, and {@link #rejected} counts it back.
   *
   * @param run which replay, for {@link #settlements}
   */
  public static Lanes readmit(
      EventLimits limits,
      PriorityRules rules,
      RejectionCounting counting,
      String run,
      SingleOutputStreamOperator<Reread> events) {
    Lanes result = new Lanes(LaneMode.SINGLE, null, null);
    SingleOutputStreamOperator<AdmittedEvent> admission =
        events
            .transform(
                READMISSION_NAME,
                TypeInformation.of(AdmittedEvent.class),
                new ReadmissionOperator(limits, rules, counting, run))
            .uid(READMISSION_UID + VERSION)
            .setParallelism(events.getParallelism());
    result.admissions.add(admission);
    result.lanes.add(
        new Admitted(
            ReadmissionOperator.LANE, admission.getSideOutput(ReadmissionOperator.LANE.tag())));
    return result;
  }

  private void add(
      SingleOutputStreamOperator<RawEvent> events,
      EventLimits limits,
      PriorityRules rules,
      RejectionCounting counting,
      String name,
      List<Lane> served) {
    String suffix = name.equals(Lane.ALL) ? "" : "-" + name;
    AdmissionOperator operator =
        new AdmissionOperator(options, limits, rules, name, served, counting, policies);
    String shown = ADMISSION_NAME + (suffix.isEmpty() ? "" : " (" + name + ")");
    TypeInformation<AdmittedEvent> type = TypeInformation.of(AdmittedEvent.class);
    SingleOutputStreamOperator<AdmittedEvent> admission =
        (policies == null
                ? events.transform(shown, type, operator)
                : events.transform(
                    shown,
                    type,
                    new FollowingAdmission<>(operator, policies, options, admissions.isEmpty())))
            .uid(ADMISSION_UID + suffix + VERSION)
            .setParallelism(events.getParallelism());
    admissions.add(admission);
    // A policy may have those turned away that the job's own options wait for.
    Set<Priority> free = policies == null ? options.neverTurnedAway() : options.neverShed();
    for (Lane lane : served) {
      DataStream<AdmittedEvent> admitted = admission.getSideOutput(lane.tag());
      boolean limited = !free.containsAll(lane.priorities());
      lanes.add(
          new Admitted(
              lane,
              options.enabled() && options.quotas().exact() && limited
                  ? withinQuotas(admitted, lane, limits, counting, admission.getParallelism())
                  : admitted));
    }
  }

  private DataStream<AdmittedEvent> withinQuotas(
      DataStream<AdmittedEvent> events,
      Lane lane,
      EventLimits limits,
      RejectionCounting counting,
      int parallelism) {
    KeyedStream<AdmittedEvent, String> byName =
        events.keyBy(new QuotaName(options.quotas(), limits), Types.STRING);
    String shown = ExactQuotaOperator.NAME + " (" + lane.name() + ")";
    TypeInformation<AdmittedEvent> type = TypeInformation.of(AdmittedEvent.class);
    ExactQuotaOperator operator = new ExactQuotaOperator(options, limits, counting, policies);
    SingleOutputStreamOperator<AdmittedEvent> quota =
        (policies == null
                ? byName.transform(shown, type, operator)
                : byName.transform(
                    shown, type, new FollowingAdmission<>(operator, policies, options, false)))
            .uid(ExactQuotaOperator.UID + "-" + lane.name() + VERSION)
            .setParallelism(parallelism);
    if (mode == LaneMode.ISOLATED) {
      quota.slotSharingGroup(lane.slots());
    }
    quotas.add(quota);
    return quota;
  }

  /**
   * Attaches the stage that the lanes share.
   *
   * @param function sees every admitted event; must not use timers
   * @param uid stage uid without version
   * @param parallelism workers of the stage (in isolated mode: of each lane)
   */
  public <OUT> DataStream<OUT> process(
      ProcessFunction<AdmittedEvent, OUT> function,
      TypeInformation<OUT> type,
      String uid,
      String name,
      int parallelism) {
    stages.clear();
    if (mode == LaneMode.MERGED && lanes.size() == 2) {
      SingleOutputStreamOperator<OUT> stage =
          lanes.get(0).stream()
              .connect(lanes.get(1).stream())
              .transform(name, type, stage(function))
              .uid(uid + VERSION)
              .setParallelism(parallelism);
      stages.add(stage);
      return stage;
    }
    DataStream<OUT> all = null;
    for (Admitted admitted : lanes) {
      boolean isolated = mode == LaneMode.ISOLATED;
      String lane = admitted.lane().name();
      SingleOutputStreamOperator<OUT> stage =
          admitted.stream()
              .process(function, type)
              .name(isolated ? name + " (" + lane + ")" : name)
              .uid(uid + (isolated ? "-" + lane : "") + VERSION)
              .setParallelism(parallelism);
      if (isolated) {
        stage.slotSharingGroup(admitted.lane().slots());
      }
      stages.add(stage);
      all = all == null ? stage : all.union(stage);
    }
    return all;
  }

  private <OUT> LaneStageFactory<AdmittedEvent, OUT> stage(
      ProcessFunction<AdmittedEvent, OUT> function) {
    if (policies == null) {
      return new LaneStageFactory<>(new LaneProcessOperator<>(function, options, Policy.OWN));
    }
    return new LaneStageFactory.Following<>(
        new LaneProcessOperator<>(function, options, policies.first()), policies, options);
  }

  /**
   * The lanes one by one, for a job with more than one stage before they meet; instead of {@link
   * #process}. The first stage put on them is not chained to admission.
   */
  public LaneStreams<AdmittedEvent> streams() {
    return LaneStreams.of(
        mode,
        options,
        policies,
        lanes.stream().map(Admitted::lane).toList(),
        lanes.stream().map(Admitted::stream).toList());
  }

  /** A side output of the stage, from all its copies. */
  public <X> DataStream<X> sideOutput(OutputTag<X> tag) {
    return union(stages.stream().map(stage -> stage.getSideOutput(tag)).toList());
  }

  /**
   * Gives the admitted events of each lane, with its name, to somebody else than the stage: a sink
   * that is attached here is chained to admission, or to the stage that holds quotas, and sees them
   * before the stage does.
   */
  public void admitted(BiConsumer<String, DataStream<AdmittedEvent>> consumer) {
    lanes.forEach(admitted -> consumer.accept(admitted.lane().name(), admitted.events()));
  }

  /** What was not admitted: by range of offsets. */
  public DataStream<LedgerEntry> ledger() {
    return union(admissions.stream().map(a -> a.getSideOutput(AdmissionOperator.LEDGER)).toList());
  }

  /** What a replay did, when it has done all of it; empty where nothing is read again. */
  public DataStream<Settlement> settlements() {
    return union(
        admissions.stream().map(a -> a.getSideOutput(ReadmissionOperator.SETTLEMENTS)).toList());
  }

  /** How many events were not admitted: by key and event time, as counting was asked for. */
  public DataStream<RejectedEvents> rejected() {
    return fromAdmissionAndQuotas(AdmissionOperator.REJECTED);
  }

  /** Who was over quota, and when they may come again; empty where nobody has one. */
  public DataStream<Rejection> rejections() {
    return fromAdmissionAndQuotas(AdmissionOperator.OVER_QUOTA);
  }

  /** What could come, for those who send; empty where it is not published. */
  public DataStream<AdmissionReport> reports() {
    return union(admissions.stream().map(a -> a.getSideOutput(AdmissionOperator.REPORTS)).toList());
  }

  /** What could not be read, and what exact quotas turned away. */
  public DataStream<DeadLetter> deadLetters() {
    return fromAdmissionAndQuotas(AdmissionOperator.DEAD_LETTERS);
  }

  private <X> DataStream<X> fromAdmissionAndQuotas(OutputTag<X> tag) {
    return union(
        Stream.concat(admissions.stream(), quotas.stream())
            .map(stage -> stage.getSideOutput(tag))
            .toList());
  }

  private static <X> DataStream<X> union(List<? extends DataStream<X>> streams) {
    DataStream<X> all = streams.get(0);
    for (DataStream<X> stream : streams.subList(1, streams.size())) {
      all = all.union(stream);
    }
    return all;
  }
}
