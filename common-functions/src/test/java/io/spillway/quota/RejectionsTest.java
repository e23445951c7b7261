package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionsTest {
  private final Rejections rejections = new Rejections(1_000);

  @Test
  void tellsOnceOfAllEventsOfASource() {
    rejections.add(utf8("a/b"), event(5), Priority.HIGH, 2, 480);
    rejections.add(utf8("a/b"), event(6), Priority.BULK, 2, 1_200);
    rejections.add(utf8("a/b"), event(7), Priority.BULK, 2, 1_100);
    assertThat(close(2_000))
        .singleElement()
        .satisfies(
            rejection ->
                assertThat(new String(rejection.toJson(), StandardCharsets.UTF_8))
                    .isEqualTo(
                        "{\"type\":\"urn:spillway:problem:over-quota\",\"title\":\"Over quota\","
                            + "\"status\":429,"
                            + "\"detail\":\"a/b: 3 events over 2 a second turned away\","
                            + "\"instance\":\"kafka:/iot.events/3/5\",\"retryAfter\":2,"
                            + "\"source\":\"a/b\",\"ratePerSecond\":2.0,"
                            + "\"from\":1000,\"to\":2000,"
                            + "\"throttled\":{\"high\":1,\"bulk\":2}}"));
    assertThat(close(3_000)).isEmpty();
  }

  @Test
  void overloadMakesNoFloodAndLosesNoCount() {
    int sources = 3 * Rejections.MOST;
    for (int i = 0; i < sources; i++) {
      rejections.add(utf8("s-" + i), event(i), Priority.NORMAL, 1, 0);
    }
    List<Rejection> told = close(2_000);
    assertThat(told).hasSize(Rejections.MOST + 1);
    assertThat(told.stream().mapToLong(Rejection::count).sum()).isEqualTo(sources);
    Rejection others = told.get(Rejections.MOST);
    assertThat(others.kafkaKey()).isNull();
    assertThat(new String(others.toJson(), StandardCharsets.UTF_8))
        .contains("\"source\":null", "\"retryAfter\":1", "other sources: 2000 events");
  }

  private List<Rejection> close(long now) {
    List<Rejection> told = new ArrayList<>();
    rejections.close(now, told::add);
    return told;
  }

  private static RawEvent event(long offset) {
    return new RawEvent("iot.events", 3, offset, 0, null, utf8("{}"), EventHeaders.empty());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
