package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks a broker whether it is there and knows some topics. Tries a plain connection first: Kafka's
 * own client goes on trying, and warning, long after it is clear that nobody listens. May block for
 * a few times {@link #ANSWER_LIMIT}; for {@code main}, not for operators.
 */
final class BrokerCheck {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** A broker on a machine with more work than processors is slow, and still there. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  /** A topic that has just been created may be unknown to the broker for a moment. */
  private static final int ASK_AGAIN = 10;

  private static final long PAUSE_MILLIS = 100;

  private static final String SERVERS = KafkaOptions.BOOTSTRAP_SERVERS.key();

  private BrokerCheck() {}

  /**
   * @param topicsBySetting names of topics that must exist, by the setting they come from
   * @throws InvalidSettings naming setting, value and fix
   */
  static void run(Settings settings, Map<String, List<String>> topicsBySetting) {
    String servers = settings.get(KafkaOptions.BOOTSTRAP_SERVERS);
    Map<String, String> clients = KafkaTopics.clients(settings);
    if (!anybodyListens(servers)) {
      throw nobody(servers, CONNECT_LIMIT);
    }
    try (Admin admin = Admin.create(clientConfig(clients))) {
      Set<String> existing = topics(admin, settings);
      for (int i = 0; i < ASK_AGAIN && !hasAll(existing, topicsBySetting); i++) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        existing = topics(admin, settings);
      }
      for (Map.Entry<String, List<String>> setting : topicsBySetting.entrySet()) {
        for (String topic : setting.getValue()) {
          if (!existing.contains(topic)) {
            throw unknown(setting.getKey(), topic, existing, servers);
          }
        }
      }
    } catch (KafkaException e) {
      throw ClientRefusal.noClient(settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException(e);
    }
  }

  private static boolean hasAll(Set<String> existing, Map<String, List<String>> topicsBySetting) {
    return topicsBySetting.values().stream().allMatch(existing::containsAll);
  }

  private static boolean anybodyListens(String servers) {
    for (String server : servers.split(",")) {
      try (Socket socket = new Socket()) {
        socket.connect(address(server.strip(), servers), (int) CONNECT_LIMIT.toMillis());
        return true;
      } catch (IOException e) {
        // This one does not answer; perhaps the next does.
      }
    }
    return false;
  }

  private static InetSocketAddress address(String server, String servers) {
    try {
      String host = Utils.getHost(server);
      if (host != null && !host.isEmpty()) {
        return new InetSocketAddress(host, Utils.getPort(server));
      }
    } catch (IllegalArgumentException e) {
      // The port is not a number between 0 and 65535: said below.
    }
    throw new InvalidSettings(SERVERS, servers, "write host:port, several with commas between");
  }

  private static Map<String, Object> clientConfig(Map<String, String> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_LIMIT.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_LIMIT.toMillis());
    return config;
  }

  private static Set<String> topics(Admin admin, Settings settings) throws InterruptedException {
    String servers = settings.get(KafkaOptions.BOOTSTRAP_SERVERS);
    try {
      return admin.listTopics().names().get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw nobody(servers, ANSWER_LIMIT);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw nobody(servers, ANSWER_LIMIT);
      }
      throw ClientRefusal.ofBroker(settings, e.getCause());
    }
  }

  private static InvalidSettings nobody(String servers, Duration limit) {
    return new InvalidSettings(
        SERVERS,
        servers,
        "no broker answers within %d s; start one or correct it%s"
            .formatted(
                limit.toSeconds(),
                limit.equals(ANSWER_LIMIT)
                    ? ", or, if it wants TLS or a login, name both in "
                        + KafkaOptions.PROPERTIES_FILE.key()
                    : ""));
  }

  static InvalidSettings unknown(
      String setting, String topic, Set<String> existing, String servers) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        existing.stream()
            .min(Comparator.comparingInt(candidate -> distance.apply(topic, candidate)))
            .map("nearest is '%s'; "::formatted)
            .orElse("");
    return new InvalidSettings(
        setting,
        topic,
        "no such topic; %screate it with kafka-topics.sh --bootstrap-server %s --create --topic %s"
            .formatted(nearest, servers, topic));
  }
}
