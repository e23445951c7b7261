package io.spillway.sandbox.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of each topic a SQL session reads.
 *
 * @param follow read on as records come, until the query is stopped; else up to what is there now,
 *     and the result is final
 * @param since how far back to begin; empty: with the oldest record
 */
public record SqlReading(boolean follow, Optional<Duration> since) {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})(s|min|h|d)");

  /**
   * A reading that begins this long ago.
   *
   * @param age such as 90s, 15min, 2h or 1d, or {@code all}
   */
  public static SqlReading of(boolean follow, String age) {
    if (age.equals("all")) {
      return new SqlReading(follow, Optional.empty());
    }
    Matcher parts = AGE.matcher(age);
    if (!parts.matches()) {
      throw SandboxException.wrongUse(
          "--since %s: write an age such as 90s, 15min, 2h or 1d, or all".formatted(age));
    }
    long number = Long.parseLong(parts.group(1));
    Duration since =
        switch (parts.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "min" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    return new SqlReading(follow, Optional.of(since));
  }

  /** What a session says to read its tables like this; {@code now} is the clock of the broker. */
  String toSql(Iterable<String> tables, Instant now) {
    StringBuilder sql = new StringBuilder();
    String from =
        since
            .map(
                age ->
                    "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp-millis' = '%d'"
                        .formatted(now.minus(age).toEpochMilli()))
            .orElse("'scan.startup.mode' = 'earliest-offset'");
    String to = follow ? "" : ", 'scan.bounded.mode' = 'latest-offset'";
    for (String table : tables) {
      sql.append("ALTER TABLE %s SET (%s%s);\n".formatted(table, from, to));
    }
    String mode = follow ? "streaming" : "batch";
    return sql.append("SET 'execution.runtime-mode' = '%s';\n".formatted(mode)).toString();
  }
}
