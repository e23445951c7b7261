package io.spillway.jobs.iot;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.BadPayload;
import io.spillway.jobs.work.EventWork;
import io.spillway.priority.Priority;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.OutputTag;

/**
 * Makes readings of events. A critical event is an alert as well, sent as soon as it is processed.
 */
public final class EventProcessing implements EventWork<SensorReading> {
  /** Without lane and version: those are added where it is attached. */
  public static final String UID = "process-events";

  public static final String NAME = "process events";

  public static final OutputTag<Alert> ALERTS =
      new OutputTag<>("alerts", TypeInformation.of(Alert.class));

  private static final long serialVersionUID = 1L;

  @Override
  public SensorReading read(
      AdmittedEvent event, EventAttributes attributes, long unitHash, byte[] payload)
      throws BadPayload {
    return SensorPayload.read(event, attributes, unitHash, payload);
  }

  @Override
  public void beside(
      SensorReading reading,
      EventAttributes attributes,
      ProcessFunction<AdmittedEvent, SensorReading>.Context context) {
    if (reading.event().priority() == Priority.CRITICAL) {
      context.output(ALERTS, Alert.of(reading, attributes));
    }
  }
}
