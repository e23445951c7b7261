package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDecodingTest {
  private static final long TIME = 1_732_431_234_567L;
  private static final String PAYLOAD = CommandEvents.payload(CommandType.PAYMENT, "a-17", 1_250);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void makesACommandOfAnEventAtItsEventTime(boolean objectReuse) throws Exception {
    try (Harness decoding = new Harness(objectReuse)) {
      decoding.add(CommandEvents.event(5, "id-5", CommandType.PAYMENT, TIME, PAYLOAD));
      assertThat(decoding.harness.extractOutputStreamRecords())
          .containsExactly(
              new StreamRecord<>(
                  new Command(
                      "id-5",
                      CommandType.PAYMENT,
                      "a-17",
                      "m-3",
                      1_250,
                      "EUR",
                      TIME,
                      new Receipt(
                          CommandEvents.TOPIC,
                          0,
                          5,
                          CommandEvents.SOURCE,
                          0,
                          Priority.CRITICAL,
                          TIME,
                          1)),
                  TIME));
      assertThat(decoding.deadLetters()).isEmpty();
    }
  }

  @Test
  void keepsAPayloadItCannotReadAsADeadLetterAndGoesOn() throws Exception {
    try (Harness decoding = new Harness(true)) {
      RawEvent bad = CommandEvents.event(0, "id-0", CommandType.PAYMENT, TIME, "no json");
      decoding.add(bad);
      decoding.add(CommandEvents.event(1, "id-1", CommandType.PAYMENT, TIME, PAYLOAD));
      assertThat(decoding.deadLetters())
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.event()).isEqualTo(bad);
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_PAYLOAD);
                assertThat(letter.detail()).startsWith("not JSON: ");
              });
      assertThat(decoding.harness.extractOutputValues()).hasSize(1);
    }
  }

  static Stream<Arguments> headersThatAreNotEnough() {
    EventHeaders none = EventHeaders.empty();
    EventHeaders typed = with(none, CloudEventHeaders.TYPE, "transaction.payment");
    EventHeaders named = with(typed, CloudEventHeaders.ID, "id-1");
    String copy = ": a second copy of the command could not be told";
    return Stream.of(
        Arguments.of(none, "ce_type is missing"),
        Arguments.of(typed, "ce_id is missing" + copy),
        Arguments.of(named, "ce_source is missing" + copy),
        Arguments.of(
            with(named, CloudEventHeaders.SOURCE, "s".repeat(513)),
            "ce_source is longer than 512 bytes"),
        Arguments.of(
            with(typed, CloudEventHeaders.ID, "i".repeat(513)), "ce_id is longer than 512 bytes"));
  }

  @ParameterizedTest
  @MethodSource("headersThatAreNotEnough")
  void refusesACommandWhoseCopyItWouldNotKnow(EventHeaders headers, String detail)
      throws Exception {
    try (Harness decoding = new Harness(true)) {
      RawEvent event = CommandEvents.event(3, TIME, headers, PAYLOAD);
      decoding.add(event);
      assertThat(decoding.deadLetters())
          .containsExactly(new DeadLetter(event, DeadLetter.Reason.BAD_HEADER, detail));
      assertThat(decoding.harness.extractOutputValues()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"transaction.transfer", "iot.alarm", "transaction.PAYMENT"})
  void refusesATypeThatIsNoCommand(String type) throws Exception {
    try (Harness decoding = new Harness(true)) {
      EventHeaders headers = with(EventHeaders.empty(), CloudEventHeaders.TYPE, type);
      headers = with(headers, CloudEventHeaders.ID, "id-1");
      headers = with(headers, CloudEventHeaders.SOURCE, "shop-1");
      RawEvent event = CommandEvents.event(3, TIME, headers, PAYLOAD);
      decoding.add(event);
      assertThat(decoding.deadLetters())
          .containsExactly(
              new DeadLetter(
                  event, DeadLetter.Reason.BAD_PAYLOAD, "ce_type '" + type + "' is no command"));
    }
  }

  private static EventHeaders with(EventHeaders headers, String name, String value) {
    return headers.with(name, CommandEvents.utf8(value));
  }

  private static final class Harness implements AutoCloseable {
    private final OneInputStreamOperatorTestHarness<io.spillway.admission.AdmittedEvent, Command>
        harness;

    Harness(boolean objectReuse) throws Exception {
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new ProcessOperator<>(new CommandDecoding(EventLimits.defaults())));
      if (objectReuse) {
        harness.getExecutionConfig().enableObjectReuse();
      }
      harness.open();
    }

    void add(RawEvent event) throws Exception {
      harness.processElement(CommandEvents.admitted(event), event.timestampMillis());
    }

    List<DeadLetter> deadLetters() {
      ConcurrentLinkedQueue<StreamRecord<DeadLetter>> records =
          harness.getSideOutput(CommandDecoding.DEAD_LETTERS);
      return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
