package io.spillway.sandbox.produce;

import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a producer would send if nobody held it back.
 *
 * @param perSecond events a second by priority, above 0 each; a priority that is not in it is not
 *     sent
 */
public record ProducerPlan(String topic, Map<Priority, Integer> perSecond, Duration length) {

  public ProducerPlan {
    perSecond = Map.copyOf(perSecond);
    if (perSecond.isEmpty() || length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("nothing to send: " + perSecond + " for " + length);
    }
  }

  /**
   * This many events a second, divided as a mix such as {@code
   * critical=5,high=15,normal=40,bulk=40} says.
   *
   * @throws SandboxException for a mix that cannot be read
   */
  public static ProducerPlan of(String topic, double perSecond, String mix, Duration length) {
    Map<Priority, Integer> parts = new EnumMap<>(Priority.class);
    for (String part : mix.split(",")) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      Priority priority = Priority.fromWireName(name.strip()).orElseThrow(() -> wrong(mix));
      if (equals < 0 || !part.substring(equals + 1).strip().matches("\\d{1,6}")) {
        throw wrong(mix);
      }
      parts.put(priority, Integer.parseInt(part.substring(equals + 1).strip()));
    }
    int whole = parts.values().stream().mapToInt(part -> part).sum();
    Map<Priority, Integer> rates = new EnumMap<>(Priority.class);
    parts.forEach(
        (priority, part) -> {
          if (part > 0) {
            rates.put(priority, Math.max(1, (int) Math.round(perSecond * part / whole)));
          }
        });
    if (rates.isEmpty()) {
      throw wrong(mix);
    }
    return new ProducerPlan(topic, rates, length);
  }

  /** Events of this priority that would be sent. */
  public long wanted(Priority priority) {
    return perSecond.getOrDefault(priority, 0) * length.toMillis() / 1000;
  }

  private static SandboxException wrong(String mix) {
    return SandboxException.wrongUse(
        "--mix '%s': write parts such as critical=5,high=15,normal=40,bulk=40".formatted(mix));
  }
}
