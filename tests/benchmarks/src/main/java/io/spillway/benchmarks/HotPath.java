package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.DecisionCost;
import io.spillway.benchmarks.cost.DropCost;
import io.spillway.benchmarks.cost.HotPathProfile;
import io.spillway.benchmarks.cost.ProfiledStacks;
import io.spillway.benchmarks.cost.ProfiledStacks.Place;
import io.spillway.benchmarks.cost.StageCost;
import io.spillway.sandbox.cluster.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A profile of what every event goes through: decided from the raw record, turned away with all
 * that is counted, and, if it stays, through the network. As Markdown; what came of it is in {@code
 * tests/benchmarks/HOT-PATH.md}.
 */
final class HotPath {
  private static final int MOST = 12;

  /** Less than this is left out: a handful of samples. */
  private static final double LEAST_SHARE = 0.01;

  private static final Map<String, Class<?>> BENCHMARKS = new LinkedHashMap<>();

  static {
    BENCHMARKS.put("readAndDecide", DecisionCost.class);
    BENCHMARKS.put("shed", DropCost.class);
    BENCHMARKS.put("admittedEventThroughTheNetwork", StageCost.class);
  }

  private final HotPathProfile profile;

  /**
   * @param recordings where those are kept
   */
  HotPath(Path recordings, boolean quick) {
    this.profile = new HotPathProfile(recordings, quick);
  }

  double seconds() {
    return BENCHMARKS.size() * profile.seconds();
  }

  /** Profiles one after the other; blocks until it is done. */
  String page(BenchRun run, Progress progress) {
    StringJoiner page = new StringJoiner("\n", "", "\n");
    page.add("# Profile of the hot path")
        .add("")
        .add("- Machine: " + run.machine().words())
        .add("- Versions: " + run.versions().words())
        .add("- Commit %s, %s".formatted(run.commit(), run.at()));
    BENCHMARKS.forEach(
        (method, benchmarks) -> {
          progress.say("profile: " + method);
          add(page, method, profile.of(benchmarks, method));
        });
    return page.toString();
  }

  static void add(StringJoiner page, String method, ProfiledStacks stacks) {
    page.add("").add("## " + method);
    table(page, "processor, by method of the library", stacks.ours(MOST));
    table(page, "processor, by innermost method", stacks.methods(MOST));
    table(page, "heap", stacks.allocations(MOST));
  }

  private static void table(StringJoiner page, String title, List<Place> places) {
    page.add("").add("| %s | share |".formatted(title)).add("|---|--:|");
    if (places.isEmpty()) {
      page.add("| nothing | |");
    }
    places.stream()
        .filter(place -> place.share() >= LEAST_SHARE)
        .forEach(
            place ->
                page.add(
                    "| `%s` | %s |"
                        .formatted(
                            place.name(),
                            String.format(Locale.ROOT, "%.0f %%", 100 * place.share()))));
  }
}
