package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * Why Kafka's clients do not get in with these settings, as the one line that a user needs: the
 * setting to blame, what is wrong and what to write. Never says a value of a client's property,
 * which can be a secret, and of a file no more than its path.
 */
final class ClientRefusal {
  private ClientRefusal() {}

  /** There is a broker, and it did not take this client. */
  static InvalidSettings ofBroker(Settings settings, Throwable cause) {
    String servers = settings.get(KafkaOptions.BOOTSTRAP_SERVERS);
    if (cause instanceof SslAuthenticationException) {
      return byProperties(
          settings,
          ("no TLS with the broker at %s (%s); name in ssl.truststore.location who signed its"
                  + " certificate, and in kafka.bootstrap.servers a host that is in it and a port"
                  + " with TLS")
              .formatted(servers, reason(cause)));
    }
    if (cause instanceof AuthenticationException) {
      return byProperties(
          settings,
          ("the broker at %s refused the login (%s); correct sasl.mechanism, or user name and"
                  + " password in sasl.jaas.config")
              .formatted(servers, cause.getMessage()));
    }
    return new InvalidSettings(
        KafkaOptions.BOOTSTRAP_SERVERS.key(),
        servers,
        "the broker refused (%s); look at kafka.properties".formatted(cause.getMessage()));
  }

  /** The client could not even be made. */
  static InvalidSettings noClient(Settings settings, Throwable cause) {
    return byProperties(settings, "no client of Kafka can be made (%s)".formatted(reason(cause)));
  }

  private static InvalidSettings byProperties(Settings settings, String fix) {
    String file = settings.get(KafkaOptions.PROPERTIES_FILE);
    return file.isEmpty()
        ? new InvalidSettings(KafkaOptions.PROPERTIES.key(), "(not shown)", oneLine(fix))
        : new InvalidSettings(KafkaOptions.PROPERTIES_FILE.key(), file, oneLine(fix));
  }

  /** What lies at the bottom; further up it only says that something failed. */
  private static String reason(Throwable cause) {
    Throwable bottom = cause;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    return String.valueOf(bottom.getMessage());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
