package io.spillway;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.Lanes;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.ledger.LedgerEntry;
import io.spillway.priority.PriorityRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example for users of the library stands here as code; the READMEs quote it. */
class ReadmeExampleTest {
  private static final Path SOURCE = Path.of("src/test/java/io/spillway/ReadmeExampleTest.java");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "../README.md"})
  void isQuotedWordForWord(String readme) throws IOException {
    String example =
        Files.readAllLines(SOURCE).stream()
            .dropWhile(line -> !line.equals("    // begin example"))
            .skip(1)
            .takeWhile(line -> !line.equals("    // end example"))
            .map(line -> line.isEmpty() ? line : line.substring(4))
            .collect(Collectors.joining("\n"));
    assertThat(example).isNotBlank();
    assertThat(Files.readString(Path.of(readme))).contains("```java\n" + example + "\n```");
  }

  @Test
  void makesAGraphThatFlinkAcceptsWithStrictSettings() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.configure(
        new Configuration()
            .set(PipelineOptions.AUTO_GENERATE_UIDS, false)
            .set(PipelineOptions.GENERIC_TYPES, false));
    KafkaSource<RawEvent> source =
        KafkaSource.<RawEvent>builder()
            .setBootstrapServers("localhost:9092")
            .setTopics("events")
            .setDeserializer(new RawEventDeserializer())
            .build();

    addToJob(env, source, new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>());

    assertThatCode(() -> env.getStreamGraph().getJobGraph()).doesNotThrowAnyException();
  }

  private static void addToJob(
      StreamExecutionEnvironment env,
      KafkaSource<RawEvent> source,
      Sink<String> resultSink,
      Sink<LedgerEntry> ledgerSink,
      Sink<DeadLetter> deadLetterSink) {
    // begin example
    EventLimits limits = EventLimits.defaults();
    WatermarkStrategy<RawEvent> time = EventTime.strategy(ofSeconds(1), ofSeconds(30), limits);
    PriorityRules rules = PriorityRules.parse("type=*.alarm -> critical; source=test/* -> bulk");
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.defaults(),
            limits,
            rules,
            lane -> env.fromSource(source, time, "events").uid("events-" + lane));
    DataStream<String> results =
        lanes.process(new MyFunction(), Types.STRING, "my-work", "my work", env.getParallelism());
    results.sinkTo(resultSink).uid("results");
    lanes.ledger().sinkTo(ledgerSink).uid("ledger");
    lanes.deadLetters().sinkTo(deadLetterSink).uid("dead-letters");
    // end example
  }

  /** The expensive part of somebody's job. */
  private static final class MyFunction extends ProcessFunction<AdmittedEvent, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<String> out) {
      out.collect(event.priority() + " " + event.raw());
    }
  }
}
