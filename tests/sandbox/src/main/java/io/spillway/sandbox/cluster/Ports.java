package io.spillway.sandbox.cluster;

/**
 * The ports on which others find the cluster. All are on the loopback address; ports that only the
 * processes themselves use (data, RPC of TaskManagers, blobs) are chosen by the system.
 *
 * @param jobManagerMetrics Prometheus endpoint of the JobManager; TaskManagers follow, one port
 *     each
 * @param sqlGateway REST endpoint of the SQL gateway, behind the metrics of up to 32 TaskManagers
 * @param alertmanager not its usual port, which is that of Kafka's controller
 */
public record Ports(
    int kafka,
    int controller,
    int rest,
    int rpc,
    int jobManagerMetrics,
    int sqlGateway,
    int prometheus,
    int alertmanager) {
  static final String HOST = "127.0.0.1";

  static Ports of(int from) {
    return from == 0
        ? new Ports(9092, 9093, 8081, 6123, 9249, 8083, 9090, 9095)
        : new Ports(from, from + 1, from + 2, from + 3, from + 4, from + 40, from + 41, from + 42);
  }

  /** Prometheus endpoint of the TaskManager with this number, from 1. */
  int taskManagerMetrics(int number) {
    return jobManagerMetrics + number;
  }
}
