package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All methods on the same simulated job: ten seconds at half of its capacity, then a step. A race
 * of rules, without what a real cluster adds.
 */
class PeerRaceTest {
  private static final int STEP = 10;

  /** The least time to settle that can be told from none. */
  private static final double RESOLUTION = 0.1;

  @Test
  void oursSettlesTenTimesFasterThanTheLevelOfDagor() {
    double ours = settle(Peer.SPILLWAY, 1.4);
    assertThat(ours).isLessThan(0.5);
    assertThat(settle(Peer.DAGOR, 1.4)).isGreaterThan(10 * Math.max(ours, RESOLUTION));
  }

  @Test
  void theLevelOfDagorNeedsThirtyWindowsFromFiveTimesTooMuch() {
    SimulatedJob job = stepped(Peer.DAGOR, 5, 60);
    int expected = (int) (Math.log(5) / -Math.log(1 - Dagor.ALPHA));
    assertThat(expected).isEqualTo(31);
    // Until then events wait longer than anybody waits for them.
    assertThat(job.inTime(STEP + 3, STEP + expected)).isZero();
    assertThat(job.inTime(STEP + 55, STEP + 60)).isGreaterThan(0.9 * SimulatedJob.CAPACITY);
  }

  @Test
  void behindABoundedQueueDagorKeepsUpWithUs() {
    double ours = stepped(Peer.SPILLWAY, 5, 60).inTime(STEP, STEP + 60);
    double theirs = stepped(Peer.DAGOR_BOUNDED, 5, 60).inTime(STEP, STEP + 60);
    assertThat(theirs).isCloseTo(ours, within(0.05 * ours));
  }

  @ParameterizedTest
  @EnumSource(names = {"SPILLWAY", "DAGOR_BOUNDED", "PID"})
  void whoHasPrioritiesLosesNothingCritical(Peer peer) {
    SimulatedJob job = stepped(peer, 5, 30);
    job.run(5, 0.5);
    assertThat(lostCritical(job)).isLessThan(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "CODEL"})
  void whoHasNoneLosesFourOfFiveCriticalEvents(Peer peer) {
    SimulatedJob job = stepped(peer, 5, 30);
    job.run(5, 0.5);
    int critical = Priority.CRITICAL.ordinal();
    assertThat(lostCritical(job) / (double) job.produced[critical]).isBetween(0.7, 0.8);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPILLWAY", "RANDOM", "DAGOR_BOUNDED", "CODEL", "PID"})
  void aBoundedQueueKeepsTheWorkersBusyAndInTime(Peer peer) {
    SimulatedJob job = stepped(peer, 5, 30);
    assertThat(job.inTime(STEP, STEP + 30)).isGreaterThan(0.95 * SimulatedJob.CAPACITY);
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void nobodyTurnsEventsAwayAtHalfOfTheCapacity(Peer peer) {
    SimulatedJob job = stepped(peer, 0.5, 20);
    for (Priority priority : Priority.values()) {
      assertThat(job.produced[priority.ordinal()] - job.delivered[priority.ordinal()])
          .as("%s", priority)
          .isLessThan(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "0", "NaN"})
  void theOracleHasToBeToldACapacity(String argument) {
    assertThatThrownBy(
            () ->
                options(
                    Map.of(
                        "admission.control-class",
                        RandomControl.class.getName(),
                        "admission.control-argument",
                        argument)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "admission.control-argument = '%s': write the capacity behind one subtask in events per"
                + " second, for example 250",
            argument);
  }

  @Test
  void dagorKnowsOneArgument() {
    assertThatThrownBy(
            () ->
                options(
                    Map.of(
                        "admission.control-class",
                        DagorControl.class.getName(),
                        "admission.control-argument",
                        "bound")))
        .hasMessage("admission.control-argument = 'bound': write bounded or nothing");
  }

  private static long lostCritical(SimulatedJob job) {
    int critical = Priority.CRITICAL.ordinal();
    return job.produced[critical] - job.delivered[critical];
  }

  private static double settle(Peer peer, double factor) {
    return stepped(peer, factor, 20).settleSeconds(STEP, STEP + 20);
  }

  private static SimulatedJob stepped(Peer peer, double factor, int seconds) {
    Map<String, String> settings = new LinkedHashMap<>(Map.of("lanes", "single"));
    settings.putAll(peer.settings(SimulatedJob.CAPACITY));
    AdmissionOptions options = options(settings);
    SimulatedJob job = new SimulatedJob(options.control().create(options), options, 100);
    job.run(STEP, 0.5);
    job.run(seconds, factor);
    return job;
  }

  private static AdmissionOptions options(Map<String, String> settings) {
    return AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS));
  }
}
