package io.spillway.sandbox.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the build has put together: the class paths of Flink and Kafka, the jar with the jobs, and
 * the configuration of the repository.
 */
record Distribution(Path root) {
  /** Set by the launcher; without it the repository is looked for above the working directory. */
  static final String HOME = "spillway.home";

  static Distribution find() {
    String home = System.getProperty(HOME);
    if (home != null) {
      return new Distribution(Path.of(home));
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve("flink-conf/config.yaml"))) {
        return new Distribution(dir);
      }
    }
    throw SandboxException.wrongUse(
        "no flink-conf/config.yaml in %s or above it: run this inside the repository"
            .formatted(start));
  }

  Distribution {
    root = root.toAbsolutePath().normalize();
  }

  Path jobsJar() {
    return built(root.resolve("jobs/target/spillway-jobs.jar"));
  }

  String flinkClassPath() {
    return built(root.resolve("tests/sandbox/dist/flink/target/lib")) + "/*";
  }

  /** Flink, and what its servers load of the sandbox: where they listen, how fetches are paused. */
  String flinkServerClassPath() {
    return flinkClassPath() + ":" + built(root.resolve("tests/sandbox/target/classes"));
  }

  /** The same for a cluster that brings its one job along. */
  String flinkApplicationClassPath() {
    return flinkServerClassPath() + ":" + jobsJar();
  }

  String kafkaClassPath() {
    return built(root.resolve("tests/sandbox/dist/kafka/target/lib")) + "/*";
  }

  /** Definitions and questions in SQL. */
  Path sql() {
    return root.resolve("sql");
  }

  /** The connector for SQL, which is not on Flink's class path: jobs bring one of their own. */
  Path sqlConnectorJar() {
    return built(root.resolve("tests/sandbox/dist/flink/target/sql/flink-sql-connector-kafka.jar"));
  }

  /** The functions for SQL. */
  Path sqlFunctionsJar() {
    return built(root.resolve("sql/functions/target/spillway-sql.jar"));
  }

  Path flinkConf() {
    return root.resolve("flink-conf");
  }

  /** The Java that runs this runs the cluster too. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path built(Path path) {
    if (!Files.exists(path)) {
      throw SandboxException.failure(
          "%s is missing: build it with %s"
              .formatted(
                  path,
                  String.join(
                      " ",
                      List.of(
                          "mvn package -DskipTests -am -pl",
                          "jobs,sql/functions,tests/sandbox/dist/flink,tests/sandbox/dist/kafka"))));
    }
    return path;
  }
}
