package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.priority.Priority;
import org.junit.jupiter.api.Test;

class DagorControlTest {
  private final DagorControl control = new DagorControl(AdmissionOptions.defaults());

  @Test
  void isToldWhatWaitsInTheLogWhereTheLaneHoldsNothing() {
    seconds(2, 100);
    assertThat(control.keep(Priority.BULK)).isLessThan(1);
  }

  @Test
  void takesAProducersLingerAndTheNextFetchForNoQueue() {
    seconds(2, DagorControl.NO_QUEUE_MILLIS);
    assertThat(control.keep(Priority.BULK)).isEqualTo(1);
  }

  private void seconds(int seconds, double queueDelayMillis) {
    long[] events = {1, 3, 8, 8};
    for (int tick = 0; tick < seconds * 50; tick++) {
      control.tick(new Tick(0.02, events, events, 0, 0, queueDelayMillis));
    }
  }
}
