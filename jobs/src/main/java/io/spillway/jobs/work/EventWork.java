package io.spillway.jobs.work;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import java.io.Serializable;
import org.apache.flink.streaming.api.functions.ProcessFunction;

/** What a job makes of one admitted event; around it stands {@link Working}. Stateless. */
public interface EventWork<R> extends Serializable {
  /**
   * The result of an event.
   *
   * @param unitHash which unit of the sample the event belongs to
   * @throws BadPayload if the payload cannot be read: nothing else is spent on it
   */
  R read(AdmittedEvent event, EventAttributes attributes, long unitHash, byte[] payload)
      throws BadPayload;

  /** What goes elsewhere than to the next stage, when the work is done: the job's side outputs. */
  void beside(
      R result, EventAttributes attributes, ProcessFunction<AdmittedEvent, R>.Context context);
}
