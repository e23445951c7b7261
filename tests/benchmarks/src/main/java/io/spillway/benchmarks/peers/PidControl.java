package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.priority.Priority;
import java.util.Map;

/**
 * {@link RejectRatio} with our priorities for tiers, and the fill that our controller holds for the
 * target of its queue. CRITICAL is waited for, as it is with us.
 */
public final class PidControl extends PeerControl {
  /** Of less than this share the size of the lane cannot be told. */
  private static final double LEAST_FILL = 0.1;

  private static final double LANE_GAIN = 0.1;

  private final RejectRatio ratio = new RejectRatio();
  private final double setpoint;
  private double lane = 16;
  private double seconds;
  private double in;
  private double out;

  public PidControl(AdmissionOptions options) {
    setpoint = options.fillSetpoint();
  }

  @Override
  void decide(Tick tick) {
    if (tick.fill() > LEAST_FILL) {
      lane += LANE_GAIN * (tick.queued() / tick.fill() - lane);
    }
    seconds += tick.seconds();
    in += passed();
    out += left();
    if (seconds >= RejectRatio.INTERVAL_SECONDS) {
      ratio.update(seconds, in, out, tick.queued(), setpoint * lane);
      seconds = 0;
      in = 0;
      out = 0;
    }
    double[] kept = ratio.kept(offered());
    for (int i = 0; i < Priority.COUNT; i++) {
      keep(i, kept[i]);
    }
  }

  @Override
  public Map<Priority, Double> ceilings(AdmissionOptions options) {
    return bounded();
  }
}
