package io.spillway.sandbox.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a broker. Thread safe. */
public final class Topics implements AutoCloseable {
  /** For topics a job writes: when a result left the job is the broker's clock, not the job's. */
  static final Map<String, String> STAMPED_BY_BROKER =
      Map.of("message.timestamp.type", "LogAppendTime");

  /**
   * For a topic whose records replace each other: the last of each key stays for ever. It has one
   * partition, because clients do not agree on which partition a key belongs to.
   */
  public static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  private static final int PARTITIONS = 4;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final Admin admin;

  public Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200));
  }

  /** Whether the broker answers. */
  public boolean answers() {
    try {
      return !admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).isEmpty();
    } catch (TimeoutException | ExecutionException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }

  /** Creates a topic with as many partitions as topics with this configuration have here. */
  void create(String name, Map<String, String> config) {
    create(name, config.equals(COMPACTED) ? 1 : PARTITIONS, config);
  }

  /** Creates a topic and waits until the broker knows it; nothing happens if it exists. */
  public void create(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    try {
      get("create topic " + name, admin.createTopics(List.of(topic)).all());
    } catch (SandboxException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
    if (!Await.until(LIMIT, () -> names().contains(name))) {
      throw SandboxException.failure(
          "topic %s is still not there after it was created".formatted(name));
    }
  }

  /** Deletes a topic and waits until it is gone; nothing happens if there is none. */
  public void delete(String name) {
    try {
      get("delete topic " + name, admin.deleteTopics(List.of(name)).all());
    } catch (SandboxException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    if (!Await.until(LIMIT, () -> !names().contains(name))) {
      throw SandboxException.failure(
          "topic %s is still there after it was deleted".formatted(name));
    }
  }

  public Set<String> names() {
    return get("list topics", admin.listTopics().names());
  }

  /** Records ever written to a topic: the sum of the end offsets of its partitions. */
  public long written(String topic) {
    Map<TopicPartition, OffsetSpec> ends =
        describe(topic).partitions().stream()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(topic, partition.partition()),
                    partition -> OffsetSpec.latest()));
    return get("read the offsets of " + topic, admin.listOffsets(ends).all()).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** Bytes that a topic takes on the disks of its brokers, as compressed as it is. */
  public long bytes(String topic) {
    Set<Integer> brokers =
        describe(topic).partitions().stream()
            .flatMap(partition -> partition.replicas().stream())
            .map(Node::id)
            .collect(Collectors.toSet());
    return get("measure topic " + topic, admin.describeLogDirs(brokers).allDescriptions())
        .values()
        .stream()
        .flatMap(disks -> disks.values().stream())
        .flatMap(disk -> disk.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  private TopicDescription describe(String topic) {
    return get("describe topic " + topic, admin.describeTopics(List.of(topic)).allTopicNames())
        .get(topic);
  }

  /** What a consumer group has committed: the next offset of each partition; empty without one. */
  public Map<TopicPartition, Long> committed(String group) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    get(
            "read the offsets of group " + group,
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, next) -> {
              if (next != null) {
                offsets.put(partition, next.offset());
              }
            });
    return offsets;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private <T> T get(String what, KafkaFuture<T> future) {
    try {
      return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw SandboxException.failure(
          "Kafka at %s cannot %s: %s".formatted(bootstrapServers, what, e.getCause().getMessage()),
          e.getCause());
    } catch (TimeoutException e) {
      throw SandboxException.failure(
          "Kafka at %s does not answer (%s)".formatted(bootstrapServers, what), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }
}
