package io.spillway.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What overload is met with, one constant for each side of the race. All have the same workers and
 * the same work; those of others have a single lane, as in what they follow.
 */
public enum Peer {
  SPILLWAY("Spillway", null, ""),
  PLAIN("plain Flink", null, ""),
  RANDOM("random drop", RandomControl.class, ""),
  DAGOR("DAGOR", DagorControl.class, ""),
  DAGOR_BOUNDED("DAGOR behind our lane gate", DagorControl.class, DagorControl.BOUNDED),
  CODEL("CoDel", CodelControl.class, ""),
  PID("PID", PidControl.class, "");

  private final String words;
  private final Class<? extends PeerControl> control;
  private final String argument;

  Peer(String words, Class<? extends PeerControl> control, String argument) {
    this.words = words;
    this.control = control;
    this.argument = argument;
  }

  /** Its name in reports. */
  public String words() {
    return words;
  }

  /** Whether it sheds at all. */
  public boolean sheds() {
    return this != PLAIN;
  }

  /** Whether it is ours. */
  public boolean isOurs() {
    return this == SPILLWAY;
  }

  /**
   * The settings of admission that make it decide, to be laid over those of the job.
   *
   * @param capacityPerSubtask what the workers behind one subtask of admission do per second, for
   *     the oracle
   */
  public Map<String, String> settings(double capacityPerSubtask) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (control == null) {
      return settings;
    }
    settings.put("lanes", "single");
    settings.put("admission.control-class", control.getName());
    String told = this == RANDOM ? String.valueOf(capacityPerSubtask) : argument;
    if (!told.isEmpty()) {
      settings.put("admission.control-argument", told);
    }
    return settings;
  }
}
