package io.spillway.admission;

import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.OutputTag;

/**
 * The lanes of a job that has more than one stage before they meet: every stage stands once for
 * each lane, so an event of the express lane never stands behind one of the bulk lane, whatever a
 * stage waits for. {@link #meet} brings them together by key, as the two inputs of one operator.
 * Immutable.
 *
 * <p>A stage that stands twice has its lane in uid and name; the express lane is first. Behind each
 * stage, chained to it, admission is shown how full the next exchange is.
 */
public final class LaneStreams<T> {
  private static final String VERSION = "-v1";

  /**
   * @param stage what wrote the stream; null before there is a stage
   */
  private record One<T>(Lane lane, DataStream<T> stream, SingleOutputStreamOperator<T> stage) {}

  private final LaneMode mode;
  private final AdmissionOptions options;
  private final PolicyFeed policies;
  private final List<One<T>> lanes;

  private LaneStreams(
      LaneMode mode, AdmissionOptions options, PolicyFeed policies, List<One<T>> lanes) {
    this.mode = mode;
    this.options = options;
    this.policies = policies;
    this.lanes = List.copyOf(lanes);
  }

  static LaneStreams<AdmittedEvent> of(
      LaneMode mode,
      AdmissionOptions options,
      PolicyFeed policies,
      List<Lane> lanes,
      List<DataStream<AdmittedEvent>> streams) {
    List<One<AdmittedEvent>> all = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      all.add(new One<>(lanes.get(i), streams.get(i), null));
    }
    return new LaneStreams<>(mode, options, policies, all);
  }

  /** Attaches a stage to the stream of one lane, without uid, name and slots. */
  @FunctionalInterface
  public interface Stage<T, R> {
    /**
     * @param lane the name of the lane; {@code all} where there is only one
     */
    SingleOutputStreamOperator<R> attach(DataStream<T> stream, String lane);
  }

  /**
   * Puts a stage on every lane.
   *
   * @param uid stage uid without lane and version
   * @param name of the stage, for people
   */
  public <R> LaneStreams<R> then(String uid, String name, int parallelism, Stage<T, R> stage) {
    List<One<R>> next = new ArrayList<>();
    for (One<T> one : lanes) {
      String lane = one.lane().name();
      boolean alone = lanes.size() == 1;
      SingleOutputStreamOperator<R> stream =
          stage
              .attach(one.stream(), alone ? Lane.ALL : lane)
              .uid(uid + (alone ? "" : "-" + lane) + VERSION)
              .name(alone ? name : name + " (" + lane + ")")
              .setParallelism(parallelism);
      if (mode == LaneMode.ISOLATED) {
        stream.slotSharingGroup(one.lane().slots());
      }
      next.add(
          new One<>(
              one.lane(), options.enabled() ? seen(stream, one.lane(), uid) : stream, stream));
    }
    return new LaneStreams<>(mode, options, policies, next);
  }

  /** Lets admission see how full the exchange behind the stage is. */
  private <R> DataStream<R> seen(SingleOutputStreamOperator<R> stage, Lane lane, String uid) {
    boolean alone = lanes.size() == 1;
    return stage
        .transform(
            "Show admission what waits (" + lane.name() + ")",
            stage.getType(),
            new DownstreamFillOperator<>(lane.name()))
        .uid(uid + (alone ? "" : "-" + lane.name()) + "-fill" + VERSION)
        .setParallelism(stage.getParallelism());
  }

  /** A side output of the stage put on last, from all lanes. */
  public <X> DataStream<X> sideOutput(OutputTag<X> tag) {
    DataStream<X> all = null;
    for (One<T> one : lanes) {
      if (one.stage() == null) {
        throw new IllegalStateException("no stage has been put on the lanes yet");
      }
      DataStream<X> side = one.stage().getSideOutput(tag);
      all = all == null ? side : all.union(side);
    }
    return all;
  }

  /**
   * Where the lanes meet: events of one key, whatever lane they come on, in one function and its
   * state.
   *
   * @param uid stage uid without version
   */
  public <K, R> SingleOutputStreamOperator<R> meet(
      KeySelector<T, K> key,
      TypeInformation<K> keyType,
      KeyedProcessFunction<K, T, R> function,
      TypeInformation<R> type,
      String uid,
      String name,
      int parallelism) {
    SingleOutputStreamOperator<R> stage =
        lanes.size() == 1
            ? lanes.get(0).stream().keyBy(key, keyType).process(function, type).name(name)
            : lanes.get(0).stream()
                .keyBy(key, keyType)
                .connect(lanes.get(1).stream().keyBy(key, keyType))
                .transform(name, type, this.<K, R>stage(function));
    return stage.uid(uid + VERSION).setParallelism(parallelism);
  }

  private <K, R> LaneStageFactory<T, R> stage(KeyedProcessFunction<K, T, R> function) {
    return policies == null
        ? new LaneStageFactory<>(new KeyedLaneOperator<>(function, options, Policy.OWN))
        : new LaneStageFactory.Following<>(
            new KeyedLaneOperator<>(function, options, policies.first()), policies, options);
  }
}
