package io.spillway.admission;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;

/**
 * How full the exchanges behind the first one of a lane are, as far as they leave from this
 * process. Where a job has more than one stage before the expensive one, events pile up in front of
 * that one: the first exchange fills only when all behind it are full, which is thousands of events
 * too late. With slot sharing every TaskManager runs subtasks of every stage, and those of one job
 * share their classes, so admission can see what its neighbours see.
 *
 * <p>An exchange that leaves from no task of this process reads empty: admission then goes by those
 * it sees, in the end by its own. Shared by all tasks of a process; thread safe.
 */
final class DownstreamBuffers {
  private record Place(JobID job, String lane) {}

  private static final Map<Place, Set<LaneBuffers>> BUFFERS = new ConcurrentHashMap<>();

  private DownstreamBuffers() {}

  /** A task has begun to write into these buffers, behind the first exchange of the lane. */
  static void add(JobID job, String lane, LaneBuffers buffers) {
    BUFFERS.compute(
        new Place(job, lane),
        (place, known) -> {
          Set<LaneBuffers> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(buffers);
          return all;
        });
  }

  /** The task has ended. */
  static void remove(JobID job, String lane, LaneBuffers buffers) {
    BUFFERS.computeIfPresent(
        new Place(job, lane),
        (place, known) -> {
          known.remove(buffers);
          return known.isEmpty() ? null : known;
        });
  }

  /** Fill of the fullest exchange, 0 to 1 and a little above in overdraft; 0 where none is seen. */
  static double fill(JobID job, String lane) {
    double fullest = 0;
    for (LaneBuffers buffers : BUFFERS.getOrDefault(new Place(job, lane), Set.of())) {
      buffers.refresh();
      fullest = Math.max(fullest, buffers.ownFill());
    }
    return fullest;
  }
}
