package io.spillway.jobs.load;

import static io.spillway.jobs.load.LoadOptionsTest.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaybackTest {
  private final ObjectMapper json = new ObjectMapper();
  private final Playback playback =
      new Playback(options(Map.of("events", "video", "event.bytes", "128", "sources", "100000")));

  @ParameterizedTest
  @CsvSource({
    "CRITICAL, 5, video.start-failure, ",
    "HIGH, 5, video.rebuffer, rebufferMillis",
    "NORMAL, 1, video.start, startupMillis",
    "NORMAL, 5, video.heartbeat, bitrateKbps",
    "NORMAL, 21, video.start, startupMillis",
    "BULK, 5, video.debug, ",
  })
  void anEventSaysWhatItsTypeIsAbout(Priority priority, long sequence, String type, String figure)
      throws Exception {
    assertThat(playback.type(priority, sequence)).isEqualTo(type);
    for (int source : new int[] {1, 77, 100_000}) {
      byte[] value = playback.payload(source, sequence, priority, 1_234_567L * source);
      JsonNode payload = json.readTree(value);
      assertThat(value).hasSize(128);
      Set<String> own = new HashSet<>();
      payload.fieldNames().forEachRemaining(own::add);
      own.removeAll(Set.of("viewer", "cdn", "isp", "positionMillis", "filler"));
      assertThat(own).isEqualTo(figure == null ? Set.of() : Set.of(figure));
      own.forEach(name -> assertThat(payload.get(name).asLong(-1)).isNotNegative());
      assertThat(payload.get("viewer").asText())
          .isEqualTo(new String(playback.key(source, sequence), StandardCharsets.US_ASCII));
      assertThat(payload.get("cdn").asText() + "/" + payload.get("isp").asText())
          .isEqualTo(
              new String(playback.sender(source).subject().value(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void aSessionIsOneViewerWhosePositionMovesOnWithEveryEvent() throws Exception {
    for (long sequence = 1; sequence <= 3L * Playback.SESSION_EVENTS; sequence++) {
      JsonNode payload = json.readTree(playback.payload(5, sequence, Priority.NORMAL, sequence));
      long session = (sequence - 1) / Playback.SESSION_EVENTS;
      long beat = (sequence - 1) % Playback.SESSION_EVENTS;
      assertThat(payload.get("viewer").asText()).isEqualTo("u-5-" + (session + 1));
      assertThat(payload.get("positionMillis").asLong()).isEqualTo(beat * Playback.BEAT_MILLIS);
    }
  }

  @Test
  void thereAreAsManyRoutesAsCdnsTimesProvidersAndNoMore() {
    Set<String> routes = new HashSet<>();
    IntStream.rangeClosed(1, 1_000)
        .forEach(
            n ->
                routes.add(
                    new String(playback.sender(n).subject().value(), StandardCharsets.US_ASCII)));
    assertThat(routes).hasSize(24);
  }
}
