package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaClientPropertiesTest {
  private static final String SECRET = "hunter2";

  private static final String LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"iot\""
          + " password=\"%s\";";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeTheFile() throws IOException {
    file = folder.resolve("client.properties");
    writeFile(SECRET);
  }

  @Test
  void leavesInTheFileWhatCanBeSecretAndTakesTheRestOutOfIt() {
    Map<String, String> clients = KafkaTopics.clients(settings(Map.of()));

    assertThat(clients)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "${spillway-file:" + file + ":sasl.jaas.config}")
        .containsEntry("bootstrap.servers", "localhost:9092");
    assertThat(clients.toString()).doesNotContain(SECRET);
  }

  @Test
  void givesTheSecretToTheClientWhereItIsMade() throws IOException {
    Map<String, String> clients = KafkaTopics.clients(settings(Map.of()));
    assertThat(login(clients)).isEqualTo(LOGIN.formatted(SECRET));

    writeFile("changed");
    assertThat(login(clients)).isEqualTo(LOGIN.formatted("changed"));
  }

  @Test
  void carriesNoSecretInSourceAndSink() throws IOException {
    byte[] source =
        InstantiationUtil.serializeObject(KafkaTopics.source(settings(Map.of()), "all"));

    assertThat(new String(source, StandardCharsets.ISO_8859_1))
        .contains("${spillway-file:")
        .doesNotContain(SECRET);
  }

  @Test
  void letsPropertiesOnTheCommandLineWin() {
    assertThat(KafkaTopics.clients(settings(Map.of("kafka.properties", "security.protocol:SSL"))))
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void keepsProvidersOfSecretsThatAreThereAlready() {
    assertThat(KafkaTopics.clients(settings(Map.of("kafka.properties", "config.providers:vault"))))
        .containsEntry("config.providers", "vault,spillway-file");
  }

  @Test
  void needsNoFile() {
    assertThat(KafkaTopics.clients(Settings.of(Map.of(), KafkaOptions.OPTIONS)))
        .containsOnlyKeys("bootstrap.servers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.truststore.password",
        "sasl.jaas.config",
        "ssl.keystore.key",
        "sasl.oauthbearer.client.credentials.client.secret"
      })
  void refusesASecretOnTheCommandLineWithoutShowingIt(String key) {
    assertThatThrownBy(
            () -> KafkaTopics.clients(settings(Map.of("kafka.properties", key + ":" + SECRET))))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("kafka.properties = '" + key + ":(not shown)'")
        .hasMessageContaining("kafka.properties-file")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void takesAReferenceToASecretOnTheCommandLine() {
    String reference = "${env:PASSWORD}";
    assertThat(
            KafkaTopics.clients(
                settings(Map.of("kafka.properties", "ssl.key.password:'" + reference + "'"))))
        .containsEntry("ssl.key.password", reference);
  }

  @ParameterizedTest
  @CsvSource({
    "client.properties,from the root",
    "/a:b,without ':'",
    "/nowhere/client.properties,cannot be read here"
  })
  void saysWhatIsWrongWithTheFile(String path, String fix) {
    assertThatThrownBy(
            () ->
                KafkaTopics.clients(
                    Settings.of(Map.of("kafka.properties-file", path), KafkaOptions.OPTIONS)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("kafka.properties-file = '%s': ", path)
        .hasMessageContaining(fix);
  }

  @Test
  void saysThatTheFileIsNotOfProperties() throws IOException {
    Files.writeString(file, "ssl.key.password=\\u00zz" + SECRET);

    assertThatThrownBy(() -> KafkaTopics.clients(settings(Map.of())))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "kafka.properties-file = '%s': not in the form of Java's properties; write name=value,"
                + " one in a line",
            file);
  }

  @Test
  void blamesTheLoginAndTheCertificateWhereTheyAre() {
    assertThat(
            ClientRefusal.ofBroker(
                settings(Map.of()), new SaslAuthenticationException("no\nentry")))
        .hasMessageStartingWith("kafka.properties-file = '%s': ", file)
        .hasMessageContaining("refused the login (no entry)")
        .hasMessageContaining("sasl.jaas.config");
    assertThat(
            ClientRefusal.ofBroker(
                Settings.of(Map.of(), KafkaOptions.OPTIONS),
                new SslAuthenticationException("failed", new IOException("unknown authority"))))
        .hasMessageStartingWith("kafka.properties = '(not shown)': no TLS")
        .hasMessageContaining("(unknown authority)")
        .hasMessageContaining("ssl.truststore.location");
  }

  private void writeFile(String password) throws IOException {
    Files.writeString(
        file, "security.protocol=SASL_SSL\nsasl.jaas.config=" + LOGIN.formatted(password) + "\n");
  }

  private static String login(Map<String, String> clients) {
    Map<String, Object> properties = new HashMap<>(clients);
    properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    properties.put(
        "value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    return new ConsumerConfig(properties).getPassword("sasl.jaas.config").value();
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> texts = new HashMap<>(more);
    texts.put("kafka.properties-file", file.toString());
    return Settings.of(texts, KafkaOptions.OPTIONS);
  }
}
