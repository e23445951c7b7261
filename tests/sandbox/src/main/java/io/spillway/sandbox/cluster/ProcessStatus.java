package io.spillway.sandbox.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One process of the cluster as {@code status} shows it.
 *
 * @param state running, died or stopped
 * @param lastLines end of its log if it died, else empty
 */
public record ProcessStatus(
    String name,
    List<Integer> ports,
    Optional<Long> pid,
    Optional<Instant> since,
    String state,
    String lastLines) {

  public boolean isRunning() {
    return state.equals("running");
  }

  static ProcessStatus of(ManagedProcess process, List<Integer> ports) {
    ManagedProcess.State state = process.state();
    Optional<ProcessIdentity> identity =
        process.identity().filter(any -> state == ManagedProcess.State.RUNNING);
    return new ProcessStatus(
        process.name(),
        ports,
        identity.map(ProcessIdentity::pid),
        identity.flatMap(ProcessIdentity::since),
        state.name().toLowerCase(Locale.ROOT),
        state == ManagedProcess.State.DIED ? process.lastLines() : "");
  }
}
