package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A session of Flink's SQL client with the gateway of a cluster: what the files in {@code sql/}
 * define is registered when it begins, for the broker and the jars of this machine. Those files are
 * plain SQL with the usual broker and a place for the jar in them; the two are replaced here.
 */
record SqlSession(ClusterSpec spec, Distribution distribution) {
  private static final String MAIN = "org.apache.flink.table.client.SqlClient";
  private static final List<String> DEFINITIONS =
      List.of("tables.sql", "functions.sql", "views.sql");
  private static final String USUAL_BROKER = "localhost:9092";
  private static final String USUAL_JAR = "/opt/spillway/spillway-sql.jar";
  private static final Pattern TABLE = Pattern.compile("(?m)^CREATE TABLE (\\w+)");
  private static final String INIT_PREFIX = "sql-init-";
  private static final String SCRIPT_PREFIX = "sql-file-";

  /** Files of sessions that began before are of no use: a client reads its own at once. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  /**
   * The command line of the client. It works in the directory of its files and is given their names
   * alone: it takes them for URIs that it does not decode, so a path with a space in it would not
   * be found.
   *
   * @param script a file to run and end with it; empty: ask the user
   */
  List<String> clientCommand(SqlReading reading, Optional<Path> script) {
    List<String> words = new ArrayList<>(SpareTime.only());
    words.addAll(List.of("env", "-C", spec.dir("tmp").toString()));
    words.add("FLINK_CONF_DIR=" + SqlGateway.conf(spec));
    words.addAll(List.of(Distribution.java(), "-Xmx256m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    words.addAll(FlinkProcesses.javaOptions(FlinkProcesses.shared(distribution)));
    words.addAll(
        FlinkProcesses.logging(
            spec.dir("log").resolve("sql-client.log"),
            spec.dir("conf").resolve("log4j-cli.properties")));
    if (script.isPresent()) {
      // Else the client complains that there is no terminal.
      words.add("-Dorg.jline.terminal.dumb=true");
    }
    words.addAll(List.of("-cp", distribution.flinkClassPath(), MAIN, "gateway"));
    words.addAll(List.of("--endpoint", Ports.HOST + ":" + spec.ports().sqlGateway()));
    words.addAll(List.of("--history", spec.dir("tmp").resolve("sql-history").toString()));
    try {
      Files.createDirectories(spec.dir("tmp"));
      deleteOld();
      String init = init(reading, Clock.systemUTC().instant());
      words.addAll(List.of("--init", write(INIT_PREFIX, init)));
      if (script.isPresent()) {
        words.addAll(List.of("--file", write(SCRIPT_PREFIX, Files.readString(script.get()))));
      }
    } catch (IOException e) {
      throw SandboxException.failure("the SQL client has no files: " + e.getMessage(), e);
    }
    return words;
  }

  /** Every definition, then how to read. */
  String init(SqlReading reading, Instant now) throws IOException {
    StringBuilder sql = new StringBuilder();
    sql.append("ADD JAR '%s';\n".formatted(quoted(distribution.sqlConnectorJar())));
    String broker = Ports.HOST + ":" + spec.ports().kafka();
    for (String definitions : DEFINITIONS) {
      sql.append(
          Files.readString(distribution.sql().resolve(definitions))
              .replace(USUAL_BROKER, broker)
              .replace(USUAL_JAR, quoted(distribution.sqlFunctionsJar())));
    }
    List<String> tables =
        TABLE.matcher(sql).results().map((MatchResult found) -> found.group(1)).toList();
    return sql.append(reading.toSql(tables, now)).toString();
  }

  /** Writes a file of this session; returns its name. */
  private String write(String prefix, String sql) throws IOException {
    Path file = Files.createTempFile(spec.dir("tmp"), prefix, ".sql");
    return Files.writeString(file, sql).getFileName().toString();
  }

  private void deleteOld() throws IOException {
    Instant limit = Clock.systemUTC().instant().minus(KEPT);
    String ours = "{%s,%s}*.sql".formatted(INIT_PREFIX, SCRIPT_PREFIX);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(spec.dir("tmp"), ours)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}
