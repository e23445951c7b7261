package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * What the settings say to Kafka's clients beyond the brokers: {@link
 * KafkaOptions#PROPERTIES_FILE}, and {@link KafkaOptions#PROPERTIES} over it. What can be a secret
 * stays in the file: in its place stands a reference, which every client follows when it is made,
 * in whatever process that is (Kafka's configuration providers, KIP-297 and KIP-421). So neither
 * the command line nor the graph of the job, its web page or its high availability storage has the
 * secret, and a new password needs no more than a restart.
 */
final class KafkaClientProperties {
  private static final String PROVIDER = "spillway-file";
  private static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;
  private static final String REFERENCE = "${";

  private KafkaClientProperties() {}

  /**
   * The properties, with references for secrets.
   *
   * @throws InvalidSettings if the file cannot be read, or a secret is given on the command line
   */
  static Map<String, String> of(Settings settings) {
    Map<String, String> given = settings.get(KafkaOptions.PROPERTIES);
    given.forEach(KafkaClientProperties::requireNoSecret);
    Map<String, String> result = new TreeMap<>();
    String file = settings.get(KafkaOptions.PROPERTIES_FILE);
    if (!file.isEmpty()) {
      for (Map.Entry<Object, Object> entry : read(file).entrySet()) {
        String key = entry.getKey().toString();
        String value = entry.getValue().toString();
        result.put(key, staysInFile(key) ? reference(file, key) : value);
      }
    }
    result.putAll(given);
    if (!file.isEmpty()) {
      result.merge(PROVIDERS, PROVIDER, (others, own) -> others + "," + own);
      String provider = PROVIDERS + "." + PROVIDER;
      result.put(provider + ".class", FileConfigProvider.class.getName());
      result.put(provider + ".param." + FileConfigProvider.ALLOWED_PATHS_CONFIG, file);
    }
    return result;
  }

  /** Everything on login and TLS: a list of what is secret among it would age. */
  private static boolean staysInFile(String key) {
    return key.startsWith("sasl.") || key.startsWith("ssl.");
  }

  private static String reference(String file, String key) {
    return REFERENCE + PROVIDER + ":" + file + ":" + key + "}";
  }

  private static void requireNoSecret(String key, String value) {
    String name = key.toLowerCase(Locale.ROOT);
    boolean secret =
        name.endsWith("password")
            || name.endsWith("jaas.config")
            || name.endsWith("secret")
            || name.endsWith("keystore.key");
    if (secret && !value.contains(REFERENCE)) {
      throw new InvalidSettings(
          KafkaOptions.PROPERTIES.key(),
          key + ":(not shown)",
          "anyone who sees the command line or the job sees this secret; write it into a file and"
              + " name that in "
              + KafkaOptions.PROPERTIES_FILE.key());
    }
  }

  private static Properties read(String file) {
    if (!file.startsWith("/") || file.matches(".*[:,}].*")) {
      throw invalid(file, "write a path from the root, without ':', ',' or '}'");
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
    } catch (IOException e) {
      throw invalid(
          file,
          "cannot be read here; it has to be at this path for every process of Flink and for who"
              + " submits the job");
    } catch (IllegalArgumentException e) {
      throw invalid(file, "not in the form of Java's properties; write name=value, one in a line");
    }
    return properties;
  }

  private static InvalidSettings invalid(String file, String fix) {
    return new InvalidSettings(KafkaOptions.PROPERTIES_FILE.key(), file, fix);
  }
}
