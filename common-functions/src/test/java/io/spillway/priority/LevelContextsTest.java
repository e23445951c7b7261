package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.Test;

class LevelContextsTest {
  private final RecordingGroup operator = new RecordingGroup("operator");
  private final RecordingContext context = new RecordingContext();
  private final LevelContexts contexts = new LevelContexts(context);

  @Test
  void givesEveryLevelAGroupOfItsOwn() {
    contexts.of("critical").metricGroup().counter("commits");
    contexts.of("bulk").metricGroup().addGroup("KafkaConsumer").gauge("lag", () -> 1L);

    assertThat(operator.registered)
        .containsExactly(
            "operator.priority.critical.commits", "operator.priority.bulk.KafkaConsumer.lag");
  }

  @Test
  void addsUpWhatIsPending() {
    SourceReaderMetricGroup critical = contexts.of("critical").metricGroup();
    SourceReaderMetricGroup bulk = contexts.of("bulk").metricGroup();
    critical.setPendingRecordsGauge(() -> 3L);
    bulk.setPendingRecordsGauge(() -> 4_000L);
    critical.setPendingBytesGauge(() -> 30L);

    assertThat(operator.pendingRecords)
        .singleElement()
        .extracting(Gauge::getValue)
        .isEqualTo(4003L);
    assertThat(operator.pendingBytes).singleElement().extracting(Gauge::getValue).isEqualTo(30L);
    assertThat(operator.registered)
        .containsExactly(
            "operator.priority.critical.pendingRecords",
            "operator.priority.bulk.pendingRecords",
            "operator.priority.critical.pendingBytes");
  }

  @Test
  void sharesTheCountersOfTheOperator() {
    SourceReaderMetricGroup level = contexts.of("critical").metricGroup();

    level.getNumRecordsInErrorsCounter().inc();
    level.getIOMetricGroup().getNumRecordsInCounter().inc();

    assertThat(operator.getNumRecordsInErrorsCounter().getCount()).isEqualTo(1);
    assertThat(operator.getIOMetricGroup()).isSameAs(level.getIOMetricGroup());
  }

  @Test
  void isInEverythingElseTheContextOfTheTask() {
    SourceReaderContext level = contexts.of("critical");
    level.sendSplitRequest();
    level.sendSourceEventToCoordinator(new SourceEvent() {});

    assertThat(context.sent).containsExactly("split request", "event");
    assertThat(level.getIndexOfSubtask()).isEqualTo(3);
    assertThat(level.currentParallelism()).isEqualTo(8);
    assertThat(level.getLocalHostName()).isEqualTo("here");
    assertThat(level.getConfiguration()).isSameAs(context.getConfiguration());
    assertThat(level.getUserCodeClassLoader()).isSameAs(context.getUserCodeClassLoader());
  }

  private final class RecordingContext implements SourceReaderContext {
    final List<String> sent = new ArrayList<>();
    private final Configuration configuration = new Configuration();
    private final UserCodeClassLoader loader =
        SimpleUserCodeClassLoader.create(getClass().getClassLoader());

    @Override
    public SourceReaderMetricGroup metricGroup() {
      return operator;
    }

    @Override
    public Configuration getConfiguration() {
      return configuration;
    }

    @Override
    public String getLocalHostName() {
      return "here";
    }

    @Override
    public int getIndexOfSubtask() {
      return 3;
    }

    @Override
    public void sendSplitRequest() {
      sent.add("split request");
    }

    @Override
    public void sendSourceEventToCoordinator(SourceEvent event) {
      sent.add("event");
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return loader;
    }

    @Override
    public int currentParallelism() {
      return 8;
    }
  }

  /** Writes down the full names of what is registered in it and in groups below it. */
  private static final class RecordingGroup extends UnregisteredMetricsGroup
      implements SourceReaderMetricGroup {
    final List<String> registered;
    final List<Gauge<Long>> pendingRecords = new ArrayList<>();
    final List<Gauge<Long>> pendingBytes = new ArrayList<>();
    private final String name;
    private final Counter errors = new SimpleCounter();
    private final OperatorIOMetricGroup io =
        UnregisteredMetricsGroup.createOperatorMetricGroup().getIOMetricGroup();

    RecordingGroup(String name) {
      this(name, new ArrayList<>());
    }

    private RecordingGroup(String name, List<String> registered) {
      this.name = name;
      this.registered = registered;
    }

    @Override
    public Counter counter(String metric) {
      registered.add(name + "." + metric);
      return new SimpleCounter();
    }

    @Override
    public <V, G extends Gauge<V>> G gauge(String metric, G gauge) {
      registered.add(name + "." + metric);
      return gauge;
    }

    @Override
    public MetricGroup addGroup(String group) {
      return new RecordingGroup(name + "." + group, registered);
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return addGroup(key).addGroup(value);
    }

    @Override
    public void setPendingRecordsGauge(Gauge<Long> gauge) {
      pendingRecords.add(gauge);
    }

    @Override
    public void setPendingBytesGauge(Gauge<Long> gauge) {
      pendingBytes.add(gauge);
    }

    @Override
    public Counter getNumRecordsInErrorsCounter() {
      return errors;
    }

    @Override
    public OperatorIOMetricGroup getIOMetricGroup() {
      return io;
    }
  }
}
