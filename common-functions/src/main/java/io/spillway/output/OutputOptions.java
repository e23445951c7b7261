package io.spillway.output;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Where results are sent by HTTP, and what happens while nobody takes them there. Immutable; the
 * constructor refuses what cannot work.
 *
 * @param url of the target
 * @param secondUrl of the second way out; null for none
 * @param timeout of one request
 * @param inFlight requests of a subtask that may be under way
 * @param breakerFailures share of failures, 0 to 1, at which the circuit opens
 * @param breakerWindow requests over which that share is taken
 * @param breakerOpen how long the circuit stays open before a request tries again
 * @param backoffLongest longest wait of a result between two tries
 */
public record OutputOptions(
    URI url,
    URI secondUrl,
    Duration timeout,
    int inFlight,
    double breakerFailures,
    int breakerWindow,
    Duration breakerOpen,
    Duration backoffLongest)
    implements Serializable {

  /** Wait before the second try, on average half of it; doubled with each one that follows. */
  static final Duration BACKOFF_FIRST = Duration.ofMillis(100);

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MOST_IN_FLIGHT = 10_000;
  private static final int LARGEST_WINDOW = 100_000;

  private static final ConfigOption<String> URL =
      ConfigOptions.key("webhook.url")
          .stringType()
          .defaultValue("")
          .withDescription("Where each result is sent by POST, as a CloudEvent. Required.");
  private static final ConfigOption<String> SECOND_URL =
      ConfigOptions.key("webhook.second-url")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Second way out, for results that cannot wait: taken at once while the first fails or"
                  + " its circuit is open. Empty: results wait in Kafka.");
  private static final ConfigOption<Duration> TIMEOUT =
      duration("webhook.timeout", Duration.ofSeconds(2), "Longest time of one request.");
  private static final ConfigOption<Integer> IN_FLIGHT =
      ConfigOptions.key("webhook.in-flight")
          .intType()
          .defaultValue(50)
          .withDescription("Requests of a subtask that may be under way at once.");
  private static final ConfigOption<Double> BREAKER_FAILURES =
      ConfigOptions.key("webhook.breaker.failures")
          .doubleType()
          .defaultValue(0.5)
          .withDescription(
              "Share of requests that fail, above 0 and up to 1, to open the circuit.");
  private static final ConfigOption<Integer> BREAKER_WINDOW =
      ConfigOptions.key("webhook.breaker.window")
          .intType()
          .defaultValue(20)
          .withDescription("Requests over which that share is taken.");
  private static final ConfigOption<Duration> BREAKER_OPEN =
      duration(
          "webhook.breaker.open",
          Duration.ofSeconds(5),
          "How long an open circuit waits before a request tries the target again.");
  private static final ConfigOption<Duration> BACKOFF_LONGEST =
      duration(
          "webhook.backoff.longest",
          Duration.ofSeconds(5),
          "Longest wait of a result between two tries.");

  /** Every option, for the job's {@link Settings}. */
  public static final List<ConfigOption<?>> OPTIONS =
      List.of(
          URL,
          SECOND_URL,
          TIMEOUT,
          IN_FLIGHT,
          BREAKER_FAILURES,
          BREAKER_WINDOW,
          BREAKER_OPEN,
          BACKOFF_LONGEST);

  public OutputOptions {
    if (url.equals(secondUrl)) {
      throw new InvalidSettings(
          SECOND_URL.key(), secondUrl, "it is the first one; name another target, or none");
    }
    requireBetween(TIMEOUT, timeout);
    requireBetween(BREAKER_OPEN, breakerOpen);
    requireBetween(BACKOFF_LONGEST, backoffLongest);
    requireBetween(IN_FLIGHT, inFlight, MOST_IN_FLIGHT);
    requireBetween(BREAKER_WINDOW, breakerWindow, LARGEST_WINDOW);
    if (!(breakerFailures > 0 && breakerFailures <= 1)) {
      throw new InvalidSettings(
          BREAKER_FAILURES.key(), breakerFailures, "write a number above 0 and up to 1");
    }
  }

  /**
   * Reads the options from a job's settings.
   *
   * @throws InvalidSettings naming the key, the value and the fix
   */
  public static OutputOptions from(Settings settings) {
    String second = settings.get(SECOND_URL);
    return new OutputOptions(
        uri(URL, settings.get(URL)),
        second.isEmpty() ? null : uri(SECOND_URL, second),
        settings.get(TIMEOUT),
        settings.get(IN_FLIGHT),
        settings.get(BREAKER_FAILURES),
        settings.get(BREAKER_WINDOW),
        settings.get(BREAKER_OPEN),
        settings.get(BACKOFF_LONGEST));
  }

  private static URI uri(ConfigOption<String> option, String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one message there is for all of them.
    }
    throw new InvalidSettings(
        option.key(), text, "write where results are sent, such as https://alarms.example/events");
  }

  private static ConfigOption<Duration> duration(String key, Duration value, String description) {
    return ConfigOptions.key(key).durationType().defaultValue(value).withDescription(description);
  }

  private static void requireBetween(ConfigOption<Duration> option, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidSettings(
          option.key(), value.toMillis() + "ms", "write a time between 10ms and 10min");
    }
  }

  private static void requireBetween(ConfigOption<Integer> option, int value, int most) {
    if (value < 1 || value > most) {
      throw new InvalidSettings(option.key(), value, "write a number from 1 to " + most);
    }
  }
}
