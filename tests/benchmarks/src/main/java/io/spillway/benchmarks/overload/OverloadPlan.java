package io.spillway.benchmarks.overload;

import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The loads of an overload run, in multiples of the capacity. Both variants get the same stages of
 * the same length as far as they have them; they differ in what lies between. Spillway sheds, so
 * one stage leaves nothing to the next and all fit into one run. Plain Flink queues: its backlog
 * would count against whatever comes later, so it starts 10x with none.
 *
 * <p>Before anything is judged, both have seen one short overload and have worked it off: code that
 * runs for the first time says something of the JVM and nothing of the job.
 */
public final class OverloadPlan {
  public static final String CALM = "calm";
  public static final String AT_1X = "1x";
  public static final String AT_2X = "2x";
  public static final String AT_5X = "5x";
  public static final String AT_10X = "10x";
  static final String AFTER_10X = "after 10x";
  public static final String HOLD = "hold at 1.4x";
  static final String AFTER_HOLD = "after the hold";

  /** Multiple of the capacity in {@link #CALM} and between overloads. */
  static final double IDLE = 0.5;

  /** Of all events, as {@link DemoPlan#MIX} has it. */
  static final double CRITICAL_SHARE = 0.05;

  private static final int BURST = 2;

  private final double capacityPerSecond;
  private final int warmUp;
  private final int calm;
  private final int level;
  private final int rest;
  private final int hold;

  public OverloadPlan(double capacityPerSecond, boolean quick) {
    this.capacityPerSecond = capacityPerSecond;
    this.warmUp = quick ? 12 : 15;
    this.calm = quick ? 6 : 30;
    this.level = quick ? 5 : 10;
    this.rest = quick ? 4 : 6;
    this.hold = quick ? 12 : 24;
  }

  /** For Spillway: each step up and down, and the hold. */
  public LoadPlan spillway() {
    return plan(
        stage(LoadPlan.WARM_UP, IDLE, warmUp),
        stage("first overload", 2, BURST),
        stage("after the first overload", IDLE, 3 * BURST),
        stage(CALM, IDLE, calm),
        stage(AT_10X, 10, level),
        stage(AFTER_10X, IDLE, rest),
        stage(AT_1X, 1, level),
        stage(AT_2X, 2, level),
        stage(AT_5X, 5, level),
        stage("after 5x", IDLE, rest),
        stage(HOLD, 1.4, hold),
        stage(AFTER_HOLD, IDLE, rest));
  }

  /** For plain Flink. */
  public LoadPlan plain() {
    return plan(
        stage(LoadPlan.WARM_UP, IDLE, warmUp),
        stage("first overload", 2, BURST),
        stage("after the first overload", IDLE, 3 * BURST),
        stage(CALM, IDLE, calm),
        stage(AT_1X, 1, level),
        stage("after 1x", IDLE, rest),
        stage(AT_10X, 10, level),
        stage(AT_5X, 5, level),
        stage(AT_2X, 2, level));
  }

  /**
   * How long plain Flink still works on the events of the 10x stage after the load has ended, with
   * some room: what comes out later tells nothing about 10x.
   */
  public Duration plainDrain() {
    double behindAtEndOf10x = (10 - 1) * level;
    return Duration.ofMillis(Math.round(1000 * (1.15 * behindAtEndOf10x - 2 * level + 5)));
  }

  private LoadPlan plan(Stage... stages) {
    return new LoadPlan(List.of(stages), Map.of("mix", DemoPlan.MIX));
  }

  private Stage stage(String name, double factor, int seconds) {
    return new Stage(name, factor * capacityPerSecond, Duration.ofSeconds(seconds));
  }
}
