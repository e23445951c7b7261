package io.spillway.edge;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Set;

/**
 * How a producer follows what admission publishes. Immutable; the constructor refuses what cannot
 * work.
 *
 * @param admissionTopic where jobs publish it
 * @param inputTopic the topic the producer writes to
 * @param share of the sustainable rate that is for this producer, above 0 up to 1: with n alike 1/n
 * @param maxAge after this long without news the producer goes at full speed
 * @param slowed priorities that are slowed down; by default all but CRITICAL
 */
public record EdgeOptions(
    String admissionTopic, String inputTopic, double share, Duration maxAge, Set<Priority> slowed) {
  private static final Duration SHORTEST = Duration.ofSeconds(6);
  private static final Set<Priority> BELOW_CRITICAL =
      Set.of(Priority.HIGH, Priority.NORMAL, Priority.BULK);

  public EdgeOptions {
    slowed = Set.copyOf(slowed);
    require(!admissionTopic.isBlank(), "admissionTopic", admissionTopic, "write a topic");
    require(!inputTopic.isBlank(), "inputTopic", inputTopic, "write a topic");
    require(share > 0 && share <= 1, "share", share, "write a number above 0 up to 1");
    // Admission publishes every five seconds at least.
    require(maxAge.compareTo(SHORTEST) >= 0, "maxAge", maxAge, "write " + SHORTEST + " or longer");
  }

  /** For the only producer of a topic. */
  public static EdgeOptions of(String admissionTopic, String inputTopic) {
    return new EdgeOptions(admissionTopic, inputTopic, 1, Duration.ofSeconds(15), BELOW_CRITICAL);
  }

  /** These options with another share. */
  public EdgeOptions withShare(double other) {
    return new EdgeOptions(admissionTopic, inputTopic, other, maxAge, slowed);
  }

  /** These options with other priorities slowed. */
  public EdgeOptions slowing(Set<Priority> others) {
    return new EdgeOptions(admissionTopic, inputTopic, share, maxAge, others);
  }

  private static void require(boolean holds, String name, Object value, String fix) {
    if (!holds) {
      throw new IllegalArgumentException("%s = '%s': %s".formatted(name, value, fix));
    }
  }
}
