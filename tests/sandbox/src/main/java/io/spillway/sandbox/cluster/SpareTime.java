package io.spillway.sandbox.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a process is started that may only have the processor time nobody else wants: under Linux's
 * scheduling policy SCHED_IDLE (sched(7)), where a wakeup of any other process preempts it at once.
 * A nice process would still keep its time slice of some milliseconds, which on a full machine is
 * added to every hop of an event. Where {@code chrt} (util-linux) is missing, nice has to do.
 */
final class SpareTime {
  private static final List<String> IDLE = List.of("chrt", "--idle", "0");
  private static final List<String> NICE = List.of("nice", "-n", "19");

  private SpareTime() {}

  /** What to put before the command of the process. */
  static List<String> only() {
    return isOnPath(IDLE.get(0)) ? IDLE : NICE;
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String dir : path.split(File.pathSeparator)) {
      if (!dir.isEmpty() && Files.isExecutable(Path.of(dir, program))) {
        return true;
      }
    }
    return false;
  }
}
