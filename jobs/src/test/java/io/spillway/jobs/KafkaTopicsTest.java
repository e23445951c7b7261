package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.RawEvent;
import io.spillway.priority.PrioritySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTopicsTest {

  @Test
  void readsAMixedTopicWithOneSourceAndTopicsPerPriorityWithAPrioritySource() {
    assertThat(KafkaTopics.source(settings(), "all")).isInstanceOf(KafkaSource.class);
    assertThat(KafkaTopics.source(settings("input.mode", "per_priority"), "all"))
        .isInstanceOf(PrioritySource.class)
        .extracting(Source::getBoundedness)
        .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
  }

  @ParameterizedTest
  @EnumSource(InputMode.class)
  void buildsAGraphWithoutABrokerAndWithoutGenericTypes(InputMode mode) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false));
    Settings settings = settings("input.mode", mode.name());

    env.fromSource(source(settings), WatermarkStrategy.noWatermarks(), "events")
        .sinkTo(KafkaTopics.sink(settings, new ValueOf("out")));

    assertThat(env.getStreamGraph().getStreamNodes()).isNotEmpty();
  }

  @Test
  void keepsTheSameStateWhetherOrNotPrioritiesHaveTopicsOfTheirOwn() {
    assertThat(
            KafkaTopics.source(settings("input.mode", "per_priority"), "all").getSplitSerializer())
        .hasSameClassAs(KafkaTopics.source(settings(), "all").getSplitSerializer());
  }

  @ParameterizedTest
  @CsvSource({
    "iot.events.critical,0",
    "iot.events.high,1",
    "iot.events.normal,2",
    "iot.events.bulk,3",
    "iot.events,3",
    "retired,3"
  })
  void knowsTheLevelOfATopicByItsEnding(String topic, int level) {
    assertThat(KafkaTopics.levelOf(topic)).isEqualTo(level);
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void writesWithTheGuaranteeThatIsAskedFor(Delivery delivery) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false));
    Settings settings = settings("kafka.delivery", delivery.toString());
    assertThat(settings.get(KafkaOptions.DELIVERY)).isEqualTo(delivery);

    env.fromSource(source(settings), WatermarkStrategy.noWatermarks(), "events")
        .sinkTo(KafkaTopics.sink(settings, new ValueOf("out"), delivery, "out-v1"));

    assertThat(env.getStreamGraph().getStreamNodes()).isNotEmpty();
  }

  @Test
  void namesTransactionsAfterTheGroupUnlessItIsToldOtherwise() {
    assertThat(KafkaTopics.transactionalIdPrefix(settings("kafka.group.id", "fire")))
        .isEqualTo("fire");
    assertThat(KafkaTopics.transactionalIdPrefix(settings("kafka.transactional-id-prefix", "blue")))
        .isEqualTo("blue");
  }

  @Test
  void saysHowToWriteTheDelivery() {
    assertThatThrownBy(() -> settings("kafka.delivery", "at-most-once"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("kafka.delivery = 'at-most-once': write one of [at-least-once, exactly-once]");
  }

  @Test
  void takesAnyClientPropertyFromTheSettings() {
    Settings settings =
        settings("kafka.properties", "security.protocol:SSL,ssl.truststore.location:/t.jks");

    assertThat(settings.get(KafkaOptions.PROPERTIES))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("security.protocol", "SSL", "ssl.truststore.location", "/t.jks"));
    assertThat(KafkaTopics.source(settings, "all")).isNotNull();
    assertThat(KafkaTopics.sink(settings, new ValueOf("out"))).isNotNull();
  }

  @Test
  void saysHowToWriteClientProperties() {
    assertThatThrownBy(() -> settings("kafka.properties", "security.protocol=SSL"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "kafka.properties = 'security.protocol=SSL': "
                + "write name:value, several with commas between");
  }

  @Test
  void doesNotShowASecretInClientPropertiesThatAreWrittenWrongly() {
    assertThatThrownBy(() -> settings("kafka.properties", "ssl.key.password=hunter2"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "kafka.properties = '(not shown)': write name:value, several with commas between");
  }

  @Test
  void saysInOneLineThatNoBrokerAnswers() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    String servers = "localhost:" + closed;

    assertThatThrownBy(
            () ->
                KafkaTopics.check(
                    settings("kafka.bootstrap.servers", servers),
                    List.of(KafkaOptions.INPUT_TOPIC)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "kafka.bootstrap.servers = '%s': no broker answers within 5 s; start one or correct it",
            servers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:",
        ":9092",
        "localhost:kafka",
        "localhost:70000",
        "localhost:99999999999",
        ""
      })
  void saysHowToWriteTheServers(String servers) {
    assertThatThrownBy(
            () -> KafkaTopics.check(settings("kafka.bootstrap.servers", servers), List.of()))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "kafka.bootstrap.servers = '%s': write host:port, several with commas between",
            servers);
  }

  @Test
  void namesTheNearestTopicForOneThatIsMissing() {
    assertThat(
            BrokerCheck.unknown(
                "input.topic", "iot.event", Set.of("iot.events", "spillway.ledger"), "b:1"))
        .hasMessage(
            "input.topic = 'iot.event': no such topic; nearest is 'iot.events'; create it with "
                + "kafka-topics.sh --bootstrap-server b:1 --create --topic iot.event");
    assertThat(BrokerCheck.unknown("input.topic", "iot.event", Set.of(), "b:1"))
        .hasMessage(
            "input.topic = 'iot.event': no such topic; create it with "
                + "kafka-topics.sh --bootstrap-server b:1 --create --topic iot.event");
  }

  private static Source<RawEvent, ?, ?> source(Settings settings) {
    return KafkaTopics.source(settings, "all");
  }

  private static Settings settings(String... keyAndValue) {
    Map<String, String> texts =
        keyAndValue.length == 0 ? Collections.emptyMap() : Map.of(keyAndValue[0], keyAndValue[1]);
    return Settings.of(texts, KafkaOptions.OPTIONS);
  }

  private record ValueOf(String topic)
      implements KafkaRecordSerializationSchema<RawEvent>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
      return Optional.of(
          new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        RawEvent event, KafkaSinkContext context, Long timestamp) {
      return new ProducerRecord<>(topic, event.value());
    }
  }
}
