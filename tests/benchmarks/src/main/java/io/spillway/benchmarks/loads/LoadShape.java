package io.spillway.benchmarks.loads;

import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ways in which more comes than can be processed. Rates are multiples of the capacity. */
public enum LoadShape {
  /** From half to twelve times and back. */
  STEP("step to 12x") {
    @Override
    double at(double part) {
      return part < 0.1 || part >= 0.8 ? IDLE : 12;
    }
  },
  /** Ten times for half a second, again and again. */
  SPIKES("spikes of 0.5 s to 10x") {
    @Override
    double at(double part) {
      return part * SPIKE_PERIODS % 1 < SPIKE_PART ? 10 : IDLE;
    }
  },
  /** Up to five times and down to half, four times. */
  SINE("sine, 0.5x to 5x") {
    @Override
    double at(double part) {
      return 2.75 - 2.25 * Math.cos(2 * Math.PI * 4 * part);
    }
  },
  /** Everybody comes within a moment and loses interest slowly. */
  FLASH_CROWD("flash crowd to 8x") {
    @Override
    double at(double part) {
      return part < 0.1 ? IDLE : IDLE + (8 - IDLE) * Math.exp(-(part - 0.1) / 0.25);
    }
  },
  /** Load stays; every second period of {@link #SLOW_EVERY} the workers do half as much. */
  CAPACITY_DROP("capacity drops by half, load 0.9x") {
    @Override
    double at(double part) {
      return 0.9;
    }

    @Override
    public Duration slowEvery() {
      return SLOW_EVERY;
    }
  },
  /** Of five times as much as can be done, three quarters are important. */
  PRIORITY_FLOOD("flood of HIGH at 5x") {
    @Override
    double at(double part) {
      return 5;
    }

    @Override
    public Map<String, String> generator() {
      return Map.of("mix", "critical=5,high=75,normal=10,bulk=10");
    }
  },
  /** One of a hundred sources sends fifty times as much as another. */
  NOISY_SOURCE("noisy source at 5x") {
    @Override
    double at(double part) {
      return 5;
    }

    @Override
    public Map<String, String> generator() {
      return Map.of("mix", DemoPlan.MIX, "sources", "100", "noisy.factor", "50");
    }
  },
  /** Half of all events have the same key. */
  HOT_KEY("hot key at 5x") {
    @Override
    double at(double part) {
      return 5;
    }

    @Override
    public Map<String, String> generator() {
      return Map.of("mix", DemoPlan.MIX, "hot.share", "0.5");
    }
  };

  static final Duration SLOW_EVERY = Duration.ofSeconds(5);
  static final double IDLE = 0.5;
  private static final int SPIKE_PERIODS = 6;
  private static final double SPIKE_PART = 0.1;
  private static final Duration STEP_LENGTH = Duration.ofMillis(250);

  private final String title;

  LoadShape(String title) {
    this.title = title;
  }

  /** What reports call it. */
  public String title() {
    return title;
  }

  /**
   * Offered load / capacity.
   *
   * @param part of the shape's length that has passed, 0 to 1
   */
  abstract double at(double part);

  /** Periods of the clock of which every second has half of the capacity; zero for none. */
  public Duration slowEvery() {
    return Duration.ZERO;
  }

  /** Settings of the load generator. */
  public Map<String, String> generator() {
    return Map.of("mix", DemoPlan.MIX);
  }

  /** The shape in steps of constant load. */
  List<Stage> stages(double capacityPerSecond, Duration length) {
    List<Stage> stages = new ArrayList<>();
    long steps = length.dividedBy(STEP_LENGTH);
    for (int i = 0; i < steps; i++) {
      double factor = at((i + 0.5) / steps);
      stages.add(new Stage("step " + i, factor * capacityPerSecond, STEP_LENGTH));
    }
    return stages;
  }
}
