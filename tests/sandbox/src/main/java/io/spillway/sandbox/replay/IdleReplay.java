package io.spillway.sandbox.replay;

import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.replay.SpareCapacity.Load;
import io.spillway.sandbox.replay.SpareCapacity.Room;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A replay that runs while the live job has room, and makes way when it has not: it is stopped with
 * a savepoint and goes on from there, so nothing it has read is read again. Nothing is corrected
 * before the end, so a stop costs no truth either. Used by one thread.
 */
public final class IdleReplay {
  /** Brings the replay onto the cluster. */
  @FunctionalInterface
  public interface Submitter {
    /** Returns the id of the job. */
    String submit(Map<String, String> settings, Optional<String> savepoint);
  }

  private enum Phase {
    WITHOUT_ANSWER,
    WITHOUT_ROOM,
    ROOM_PERHAPS,
    REPLAYING
  }

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

  private final FlinkRest rest;
  private final LiveLoad live;
  private final SpareCapacity spare;
  private final Submitter submitter;
  private final Consumer<String> say;

  private String job = "";
  private Optional<String> savepoint = Optional.empty();
  private Phase phase;

  /**
   * @param say told in one line whenever something changes
   */
  public IdleReplay(
      FlinkRest rest,
      LiveLoad live,
      SpareCapacity spare,
      Submitter submitter,
      Consumer<String> say) {
    this.rest = rest;
    this.live = live;
    this.spare = spare;
    this.submitter = submitter;
    this.say = say;
  }

  /**
   * Waits, replays, makes way and waits again until the replay has ended, in whatever way.
   *
   * @param settings of the replay; without {@code replay.rate} it takes half of what the live job
   *     has to spare
   * @return the id of the job that ended
   */
  public String run(Map<String, String> settings) throws InterruptedException {
    while (job.isEmpty() || !rest.hasEnded(job)) {
      Optional<Load> load = live.now();
      if (load.isPresent()) {
        act(spare.look(System.nanoTime(), load.get()), load.get(), settings);
      } else {
        spare.lookedInVain();
        makeWay(Phase.WITHOUT_ANSWER, "the live job cannot be asked: does it run?");
      }
      Thread.sleep(LOOK.toMillis());
    }
    return job;
  }

  private void act(Room room, Load load, Map<String, String> settings) {
    switch (room) {
      case NONE ->
          makeWay(Phase.WITHOUT_ROOM, "the live job needs what it has (%s)".formatted(words(load)));
      case PERHAPS -> {
        if (job.isEmpty()) {
          enter(
              Phase.ROOM_PERHAPS,
              "waiting until there has been room for %d s".formatted(spare.howLong().toSeconds()));
        }
      }
      case ENOUGH -> {
        if (job.isEmpty()) {
          start(load, settings);
        }
      }
    }
  }

  private void start(Load load, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putIfAbsent("replay.rate", String.format(Locale.ROOT, "%.0f", load.spareRate()));
    job = submitter.submit(all, savepoint);
    String rate = all.get("replay.rate");
    enter(
        Phase.REPLAYING,
        "there is room (%s): job %s %s, %s"
            .formatted(
                words(load),
                job,
                savepoint.isPresent() ? "goes on" : "replays",
                rate.equals("0") ? "as fast as can be" : "at most " + rate + " events/s"));
  }

  private void makeWay(Phase next, String why) {
    enter(next, (job.isEmpty() ? "waiting: " : "making way: ") + why);
    if (job.isEmpty()) {
      return;
    }
    try {
      savepoint = Optional.of(rest.stopWithSavepoint(job, false, STOP_LIMIT));
    } catch (SandboxException cannotStop) {
      if (rest.hasEnded(job)) {
        return;
      }
      say.accept("it cannot be stopped with a savepoint, so it is cancelled and repeats this part");
      say.accept("  (" + cannotStop.getMessage() + ")");
      rest.cancel(job);
    }
    job = "";
    spare.backOff();
  }

  private void enter(Phase next, String what) {
    if (next != phase) {
      say.accept(what);
      phase = next;
    }
  }

  private static String words(Load load) {
    String capacity =
        Double.isNaN(load.capacityPerSecond())
            ? "not known yet"
            : String.format(Locale.ROOT, "%.0f/s", load.capacityPerSecond());
    return String.format(
        Locale.ROOT,
        "offered %.0f/s, capacity %s, queue %.0f ms",
        load.offeredPerSecond(),
        capacity,
        load.queueDelayMillis());
  }
}
