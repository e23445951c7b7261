package io.spillway.jobs.iot;

import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.OutputTag;

/** Turns a reading that came after its window was gone into a dead letter, as it was read. */
public final class LateReadings extends RichMapFunction<SensorReading, DeadLetter> {
  public static final String UID = "late-readings-v1";
  public static final String NAME = "late readings";

  /** Where the windows put readings that are too late for them. */
  public static final OutputTag<SensorReading> TAG =
      new OutputTag<>(NAME, TypeInformation.of(SensorReading.class));

  private static final long serialVersionUID = 1L;

  private transient Counter late;

  @Override
  public void open(OpenContext context) {
    late =
        new SpillwayMetrics(getRuntimeContext().getMetricGroup())
            .deadLetters(DeadLetter.Reason.LATE);
  }

  @Override
  public DeadLetter map(SensorReading reading) {
    late.inc();
    return new DeadLetter(
        reading.event().raw(),
        DeadLetter.Reason.LATE,
        "the window of " + Instant.ofEpochMilli(reading.event().eventTimeMillis()) + " is closed");
  }
}
