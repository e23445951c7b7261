package io.spillway.jobs.retention;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.util.clock.Clock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The retention of topics, as their brokers have it now. Where it goes by size, the size of a
 * partition is asked for too; how many bytes lie behind an event, and how fast they become more, is
 * in proportion to offsets. One thread.
 */
final class KafkaRetentions implements Retentions {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final double RATE_GAIN = 0.3;
  private static final double NANOS = 1e9;

  private static final class Growth {
    Log log;
    long nanos;
    double offsetsPerSecond;
    double bytesPerOffset;

    void see(Log now, long nowNanos) {
      if (log != null && nowNanos > nanos) {
        double rate = NANOS * Math.max(0, now.end() - log.end()) / (nowNanos - nanos);
        offsetsPerSecond += RATE_GAIN * (rate - offsetsPerSecond);
      }
      log = now;
      nanos = nowNanos;
    }
  }

  private final Map<String, Object> config;
  private final Clock clock;
  private final Map<String, Retention> byTopic = new HashMap<>();
  private final Map<TopicPartition, Growth> growths = new HashMap<>();
  private Admin admin;

  KafkaRetentions(Map<String, String> clients, Clock clock) {
    this.config = new HashMap<>(clients);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_LIMIT.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_LIMIT.toMillis());
    this.clock = clock;
  }

  @Override
  public void look(Map<TopicPartition, Log> logs) throws Exception {
    if (admin == null) {
      admin = Admin.create(config);
    }
    Set<String> topics =
        logs.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    byTopic.clear();
    lookAtTopics(topics);
    growths.keySet().retainAll(logs.keySet());
    long nanos = clock.relativeTimeNanos();
    logs.forEach(
        (partition, log) -> growths.computeIfAbsent(partition, p -> new Growth()).see(log, nanos));
    if (byTopic.values().stream().anyMatch(Retention::bySize)) {
      lookAtSizes();
    }
  }

  private void lookAtTopics(Set<String> topics) throws Exception {
    List<ConfigResource> resources =
        topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    for (var described : get(admin.describeConfigs(resources).all()).entrySet()) {
      Map<String, String> settings = new HashMap<>();
      described.getValue().entries().forEach(e -> settings.put(e.name(), e.value()));
      byTopic.put(described.getKey().name(), Retention.of(settings));
    }
  }

  private void lookAtSizes() throws Exception {
    Set<Integer> brokers = new HashSet<>();
    for (Node node : get(admin.describeCluster().nodes())) {
      brokers.add(node.id());
    }
    for (Map<String, LogDirDescription> broker :
        get(admin.describeLogDirs(brokers).allDescriptions()).values()) {
      for (LogDirDescription directory : broker.values()) {
        directory
            .replicaInfos()
            .forEach(
                (partition, replica) -> {
                  Growth growth = growths.get(partition);
                  if (growth != null && !replica.isFuture()) {
                    long offsets = Math.max(1, growth.log.end() - growth.log.start());
                    growth.bytesPerOffset = (double) replica.size() / offsets;
                  }
                });
      }
    }
  }

  @Override
  public Retention.Left left(
      TopicPartition partition, long offset, long timestampMillis, long nowMillis) {
    Retention retention = byTopic.getOrDefault(partition.topic(), Retention.UNLIMITED);
    Growth growth = growths.get(partition);
    Retention.Left byAge = retention.byAge(timestampMillis, nowMillis);
    return growth == null
        ? byAge
        : byAge.min(
            retention.bySize(
                growth.bytesPerOffset * (growth.log.end() - offset),
                growth.bytesPerOffset * growth.offsetsPerSecond));
  }

  private static <T> T get(KafkaFuture<T> future) throws Exception {
    return future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
