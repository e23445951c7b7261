package io.spillway.admission;

import io.spillway.edge.AdmissionReport;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one subtask publishes of itself, once a second: for each input topic and priority it has
 * seen, how much of it could come without anything being turned away.
 *
 * <pre>
 *   room of a priority = {@value #HEADROOM} * capacity - what matters more sends - floors of what matters less
 *   sustainable        = its room, but no less than its floor, and
 *                        if all of it was kept, no less than {@value #PROBE} times what came,
 *                        nor than that and {@value #LEAST_PROBED} event/s more
 * </pre>
 *
 * So producers that keep to it stay a little below the capacity and find out by small steps when
 * there is more. Capacity is what the controller had on average while something was turned away;
 * before that ever was, no limit is known and the rate is infinite. Where a priority comes on
 * several topics, its rate is divided as its events are.
 *
 * <p>A report that says almost what the last one said is left out, up to {@value #AT_LEAST_EVERY}
 * times. Pure, no clock; not thread safe.
 */
final class AdmissionReports {
  private static final double HEADROOM = 0.95;
  private static final double PROBE = 1.05;
  private static final double LEAST_PROBED = 1;
  private static final double ALL_KEPT = 0.999;
  private static final double CHANGE = 0.02;
  private static final int AT_LEAST_EVERY = 5;
  private static final double GAIN = 0.5;

  private final String job;
  private final String reporter;
  private final Map<String, Topic> topics = new LinkedHashMap<>();
  private final double[] floors = new double[Priority.COUNT];
  private final double[] keepSum = new double[Priority.COUNT];
  private final double[] offered = new double[Priority.COUNT];
  private Topic newest;
  private double capacity = Double.NaN;
  private double capacitySum;
  private int sheddingTicks;
  private int ticks;

  private static final class Topic {
    final String name;
    final long[] came = new long[Priority.COUNT];
    final double[] perSecond = new double[Priority.COUNT];
    final boolean[] known = new boolean[Priority.COUNT];
    final AdmissionReport[] last = new AdmissionReport[Priority.COUNT];
    final int[] leftOut = new int[Priority.COUNT];

    Topic(String name) {
      this.name = name;
    }
  }

  AdmissionReports(String job, String reporter, AdmissionOptions options) {
    this.job = job;
    this.reporter = reporter;
    follow(options);
  }

  /** Goes by the floors of these options from now on. */
  void follow(AdmissionOptions options) {
    options.floors().forEach((priority, floor) -> floors[priority.ordinal()] = floor);
  }

  /** Notes an event that is for admission to decide on. */
  void seen(RawEvent event, Priority priority) {
    if (newest == null || !newest.name.equals(event.topic())) {
      newest = topics.computeIfAbsent(event.topic(), Topic::new);
    }
    newest.came[priority.ordinal()]++;
  }

  /** Takes in what the controller says after a tick. */
  void tick(AdmissionControl controller) {
    ticks++;
    boolean shedding = false;
    for (Priority priority : Priority.values()) {
      double keep = controller.keep(priority);
      keepSum[priority.ordinal()] += keep;
      shedding |= keep < 1;
    }
    if (shedding && !Double.isNaN(controller.capacity())) {
      sheddingTicks++;
      capacitySum += controller.capacity();
    }
  }

  /**
   * Hands over what has to be told.
   *
   * @param seconds since the last call
   */
  void report(double seconds, long policyVersion, long nowMillis, Consumer<AdmissionReport> out) {
    if (ticks == 0 || seconds <= 0) {
      return;
    }
    if (sheddingTicks > 0) {
      double measured = capacitySum / sheddingTicks;
      capacity = Double.isNaN(capacity) ? measured : capacity + GAIN * (measured - capacity);
    }
    measureOffered(seconds);
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      double keep = keepSum[i] / ticks;
      double sustainable = sustainable(i, keep);
      for (Topic topic : topics.values()) {
        if (topic.known[i]) {
          double share = offered[i] > 0 ? topic.perSecond[i] / offered[i] : 1.0 / topics.size();
          tell(
              topic,
              i,
              new AdmissionReport(
                  job,
                  topic.name,
                  priority,
                  reporter,
                  keep,
                  topic.perSecond[i],
                  sustainable * share,
                  policyVersion,
                  nowMillis),
              out);
        }
      }
      keepSum[i] = 0;
    }
    ticks = 0;
    sheddingTicks = 0;
    capacitySum = 0;
  }

  private void measureOffered(double seconds) {
    for (int i = 0; i < Priority.COUNT; i++) {
      offered[i] = 0;
      for (Topic topic : topics.values()) {
        double rate = topic.came[i] / seconds;
        topic.perSecond[i] =
            topic.known[i] ? topic.perSecond[i] + GAIN * (rate - topic.perSecond[i]) : rate;
        topic.known[i] |= topic.came[i] > 0;
        topic.came[i] = 0;
        offered[i] += topic.perSecond[i];
      }
    }
  }

  private double sustainable(int i, double keep) {
    if (Double.isNaN(capacity)) {
      return Double.POSITIVE_INFINITY;
    }
    double room = HEADROOM * capacity;
    for (int other = 0; other < Priority.COUNT; other++) {
      if (other < i) {
        room -= offered[other];
      } else if (other > i) {
        room -= Math.min(offered[other], floors[other] * capacity);
      }
    }
    double least = Math.max(room, floors[i] * capacity);
    return Math.max(0, keep >= ALL_KEPT ? Math.max(least, probed(offered[i])) : least);
  }

  private static double probed(double offered) {
    return Math.max(PROBE * offered, offered + LEAST_PROBED);
  }

  private static void tell(
      Topic topic, int i, AdmissionReport report, Consumer<AdmissionReport> out) {
    AdmissionReport last = topic.last[i];
    if (last == null || ++topic.leftOut[i] >= AT_LEAST_EVERY || report.differsFrom(last, CHANGE)) {
      topic.last[i] = report;
      topic.leftOut[i] = 0;
      out.accept(report);
    }
  }
}
