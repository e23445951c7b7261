package io.spillway.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/**
 * Every option that Flink has: the constants of its option classes, found in its own jars, so that
 * what is checked is the version that is used. Flink itself passes over a key that it does not
 * know.
 */
final class FlinkOptions {
  private static final Pattern OPTION_CLASS =
      Pattern.compile("org/apache/flink/.*Options(\\$[A-Za-z]+)?\\.class");

  /** Read by the S3 file system of the image, which takes every key under s3. for its own. */
  private static final Set<String> OBJECT_STORAGE =
      Set.of("s3.endpoint", "s3.path.style.access", "s3.access-key", "s3.secret-key");

  /** Options that are texts to Flink and choices all the same. */
  private static final Map<String, Set<String>> CHOICES =
      Map.of(
          "state.backend.type", Set.of("hashmap", "rocksdb"),
          "high-availability.type", Set.of("NONE", "zookeeper", "kubernetes"),
          "restart-strategy.type",
              Set.of("none", "fixed-delay", "failure-rate", "exponential-delay"),
          "execution.target", Set.of("local", "remote"));

  private final Map<String, ConfigOption<?>> options = new TreeMap<>();
  private final Map<String, String> oldNames = new TreeMap<>();

  private FlinkOptions(Collection<ConfigOption<?>> all) {
    for (ConfigOption<?> option : all) {
      options.put(option.key(), option);
      for (FallbackKey key : option.fallbackKeys()) {
        oldNames.put(key.getKey(), option.key());
      }
    }
  }

  /** Those of Flink's core, runtime, client and RocksDB, and those of the Kubernetes operator. */
  static FlinkOptions ofClassPath() {
    return new FlinkOptions(
        Stream.concat(
                Stream.of(
                        CoreOptions.class,
                        MetricRegistryImpl.class,
                        PackagedProgram.class,
                        RocksDBOptions.class)
                    .flatMap(type -> declaredIn(jar(type)).stream()),
                OperatorOptions.ALL.stream())
            .collect(Collectors.toList()));
  }

  int size() {
    return options.size();
  }

  /** What is wrong with a key and its value, if anything is. */
  Optional<String> problem(String key, Object value) {
    if (key.startsWith("metrics.reporter.")) {
      return ReporterOptions.problem(key, String.valueOf(value));
    }
    if (OBJECT_STORAGE.contains(key)) {
      return Optional.empty();
    }
    if (!options.containsKey(key) && oldNames.containsKey(key)) {
      return Optional.of("%s is an old name, write %s".formatted(key, oldNames.get(key)));
    }
    return option(key)
        .map(option -> valueProblem(option, key, String.valueOf(value).strip()))
        .orElseGet(() -> Optional.of("%s is no option of Flink or its operator".formatted(key)));
  }

  private Optional<ConfigOption<?>> option(String key) {
    if (options.containsKey(key)) {
      return Optional.of(options.get(key));
    }
    return options.values().stream()
        .filter(ConfigurationUtils::canBePrefixMap)
        .filter(option -> key.startsWith(option.key() + "."))
        .findFirst();
  }

  private static Optional<String> valueProblem(ConfigOption<?> option, String key, String value) {
    Set<String> choices = CHOICES.get(key);
    if (choices != null && !choices.contains(value)) {
      return Optional.of("%s: %s is none of %s".formatted(key, value, choices));
    }
    Configuration configuration = new Configuration();
    configuration.setString(key, value);
    try {
      configuration.get(option);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("%s: %s: %s".formatted(key, value, e.getMessage()));
    }
  }

  private static Path jar(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static List<ConfigOption<?>> declaredIn(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> OPTION_CLASS.matcher(name).matches())
          .<ConfigOption<?>>flatMap(name -> declaredBy(name).stream())
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ConfigOption<?>> declaredBy(String classFile) {
    try {
      String name = classFile.replace('/', '.').replaceFirst("\\.class$", "");
      Class<?> type = Class.forName(name);
      return Stream.of(type.getDeclaredFields())
          .filter(field -> field.getType() == ConfigOption.class)
          .filter(field -> Modifier.isStatic(field.getModifiers()))
          .<ConfigOption<?>>map(FlinkOptions::constant)
          .collect(Collectors.toList());
    } catch (ClassNotFoundException | LinkageError optional) {
      // An option class of something that is not here, such as Python.
      return List.of();
    }
  }

  private static ConfigOption<?> constant(Field field) {
    try {
      field.setAccessible(true);
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
