package io.spillway.deploy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.jobs.KafkaOptions;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The arguments that a manifest gives to a job, read as the job reads them, and Kafka's properties
 * among them as Kafka's clients do.
 */
final class JobArguments {

  private JobArguments() {}

  /** What is wrong with entry class and arguments; empty if nothing is. */
  static List<String> problems(KubernetesObject deployment) {
    String entryClass = deployment.text("spec", "job", "entryClass");
    Optional<Class<?>> job = load(entryClass);
    if (job.isEmpty() || !hasMain(job.get())) {
      return List.of("entryClass %s: the jar has no such job".formatted(entryClass));
    }
    String[] args =
        deployment.items("spec", "job", "args").stream()
            .map(Object::toString)
            .toArray(String[]::new);
    try {
      Collection<ConfigOption<?>> options = options(job.get());
      Settings settings = Settings.fromArgs(args, options);
      return kafkaProblems(settings);
    } catch (InvalidSettings e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> kafkaProblems(Settings settings) {
    Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    List<String> problems = new ArrayList<>();
    for (String key : settings.get(KafkaOptions.PROPERTIES).keySet()) {
      if (!known.contains(key) && !key.startsWith("config.providers.")) {
        problems.add("kafka.properties: Kafka's clients do not know %s".formatted(key));
      }
    }
    return problems;
  }

  /** Every job has its options in a constant, in the job or in a class for them. */
  @SuppressWarnings("unchecked")
  private static Collection<ConfigOption<?>> options(Class<?> job) {
    String holder =
        switch (job.getSimpleName()) {
          case "IotIngestionJob" -> "io.spillway.jobs.IotOptions";
          case "TransactionJob" -> "io.spillway.jobs.TransactionOptions";
          case "VideoQoeJob" -> "io.spillway.jobs.VideoOptions";
          case "LoadGeneratorJob" -> "io.spillway.jobs.load.LoadOptions";
          default -> job.getName();
        };
    try {
      Field options = Class.forName(holder).getDeclaredField("OPTIONS");
      options.setAccessible(true);
      return (Collection<ConfigOption<?>>) options.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("where are the options of " + job + "?", e);
    }
  }

  private static Optional<Class<?>> load(String name) {
    try {
      return Optional.of(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  private static boolean hasMain(Class<?> job) {
    try {
      job.getMethod("main", String[].class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
