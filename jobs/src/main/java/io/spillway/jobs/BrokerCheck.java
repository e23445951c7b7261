package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
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
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks a broker whether it is there and knows some topics. Tries a plain connection first: Kafka's
 * own client goes on trying, and warning, long after it is clear that nobody listens. Blocks for
 * {@link #LIMIT} at most twice; for {@code main}, not for operators.
 */
final class BrokerCheck {
  static final Duration LIMIT = Duration.ofSeconds(5);

  private static final String SERVERS = KafkaOptions.BOOTSTRAP_SERVERS.key();

  private BrokerCheck() {}

  /**
   * @param topicsBySetting names of topics that must exist, by the setting they come from
   * @throws InvalidSettings naming setting, value and fix
   */
  static void run(
      String servers, Map<String, String> properties, Map<String, List<String>> topicsBySetting) {
    if (!anybodyListens(servers)) {
      throw nobody(servers);
    }
    Set<String> existing = topics(servers, properties);
    topicsBySetting.forEach(
        (setting, topics) ->
            topics.stream()
                .filter(topic -> !existing.contains(topic))
                .findFirst()
                .ifPresent(
                    missing -> {
                      throw unknown(setting, missing, existing, servers);
                    }));
  }

  private static boolean anybodyListens(String servers) {
    for (String server : servers.split(",")) {
      String host = Utils.getHost(server.strip());
      Integer port = Utils.getPort(server.strip());
      if (host == null || host.isEmpty() || port == null || port > 65535) {
        throw new InvalidSettings(SERVERS, servers, "write host:port, several with commas between");
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), (int) LIMIT.toMillis());
        return true;
      } catch (IOException e) {
        // This one does not answer; perhaps the next does.
      }
    }
    return false;
  }

  private static Set<String> topics(String servers, Map<String, String> properties) {
    int millis = (int) LIMIT.toMillis();
    Map<String, Object> config = new HashMap<>(properties);
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    try (Admin admin = Admin.create(config)) {
      ListTopicsOptions options = new ListTopicsOptions().timeoutMs(millis);
      return admin.listTopics(options).names().get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw nobody(servers);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw nobody(servers);
      }
      throw refused(servers, e.getCause());
    } catch (KafkaException e) {
      throw refused(servers, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException(e);
    }
  }

  private static InvalidSettings nobody(String servers) {
    return new InvalidSettings(
        SERVERS,
        servers,
        "no broker answers within %d s; start one or correct it".formatted(LIMIT.toSeconds()));
  }

  private static InvalidSettings refused(String servers, Throwable cause) {
    return new InvalidSettings(
        SERVERS,
        servers,
        "the broker refused (%s); look at kafka.properties".formatted(cause.getMessage()));
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
