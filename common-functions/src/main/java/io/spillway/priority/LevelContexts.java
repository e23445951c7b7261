package io.spillway.priority;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.watermark.Watermark;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Gives each reader inside a {@link PrioritySource} its own place for metrics, labelled {@code
 * priority}: the readers are of one kind and would register the same names. Counters that Flink
 * keeps for the operator (records, bytes, errors) stay shared and so add up; {@code pendingRecords}
 * and {@code pendingBytes} are gauges, so they appear per level and, summed, for the operator.
 *
 * <p>Thread safe where readers register from their own threads.
 */
final class LevelContexts {
  private final SourceReaderContext context;
  private final SourceReaderMetricGroup operator;
  private final List<Gauge<Long>> pendingRecords = new CopyOnWriteArrayList<>();
  private final List<Gauge<Long>> pendingBytes = new CopyOnWriteArrayList<>();

  LevelContexts(SourceReaderContext context) {
    this.context = context;
    this.operator = context.metricGroup();
  }

  SourceReaderContext of(String level) {
    return new LevelContext(new LevelMetrics(operator.addGroup("priority", level)));
  }

  private synchronized void addPendingRecords(Gauge<Long> gauge) {
    if (pendingRecords.isEmpty()) {
      operator.setPendingRecordsGauge(() -> sum(pendingRecords));
    }
    pendingRecords.add(gauge);
  }

  private synchronized void addPendingBytes(Gauge<Long> gauge) {
    if (pendingBytes.isEmpty()) {
      operator.setPendingBytesGauge(() -> sum(pendingBytes));
    }
    pendingBytes.add(gauge);
  }

  private static long sum(List<Gauge<Long>> gauges) {
    return gauges.stream().mapToLong(Gauge::getValue).sum();
  }

  private final class LevelContext implements SourceReaderContext {
    private final SourceReaderMetricGroup metrics;

    LevelContext(SourceReaderMetricGroup metrics) {
      this.metrics = metrics;
    }

    @Override
    public SourceReaderMetricGroup metricGroup() {
      return metrics;
    }

    @Override
    public Configuration getConfiguration() {
      return context.getConfiguration();
    }

    @Override
    public String getLocalHostName() {
      return context.getLocalHostName();
    }

    @Override
    public int getIndexOfSubtask() {
      return context.getIndexOfSubtask();
    }

    @Override
    public void sendSplitRequest() {
      context.sendSplitRequest();
    }

    @Override
    public void sendSourceEventToCoordinator(SourceEvent event) {
      context.sendSourceEventToCoordinator(event);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return context.getUserCodeClassLoader();
    }

    @Override
    public int currentParallelism() {
      return context.currentParallelism();
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      context.emitWatermark(watermark);
    }
  }

  private final class LevelMetrics implements SourceReaderMetricGroup {
    private final MetricGroup own;

    LevelMetrics(MetricGroup own) {
      this.own = own;
    }

    @Override
    public void setPendingRecordsGauge(Gauge<Long> gauge) {
      own.gauge("pendingRecords", gauge);
      addPendingRecords(gauge);
    }

    @Override
    public void setPendingBytesGauge(Gauge<Long> gauge) {
      own.gauge("pendingBytes", gauge);
      addPendingBytes(gauge);
    }

    @Override
    public Counter getNumRecordsInErrorsCounter() {
      return operator.getNumRecordsInErrorsCounter();
    }

    @Override
    public OperatorIOMetricGroup getIOMetricGroup() {
      return operator.getIOMetricGroup();
    }

    @Override
    public Counter counter(String name) {
      return own.counter(name);
    }

    @Override
    public <C extends Counter> C counter(String name, C counter) {
      return own.counter(name, counter);
    }

    @Override
    public <V, G extends Gauge<V>> G gauge(String name, G gauge) {
      return own.gauge(name, gauge);
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
      return own.histogram(name, histogram);
    }

    @Override
    public <M extends Meter> M meter(String name, M meter) {
      return own.meter(name, meter);
    }

    @Override
    public MetricGroup addGroup(String name) {
      return own.addGroup(name);
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return own.addGroup(key, value);
    }

    @Override
    public String[] getScopeComponents() {
      return own.getScopeComponents();
    }

    @Override
    public Map<String, String> getAllVariables() {
      return own.getAllVariables();
    }

    @Override
    public String getMetricIdentifier(String name) {
      return own.getMetricIdentifier(name);
    }

    @Override
    public String getMetricIdentifier(String name, CharacterFilter filter) {
      return own.getMetricIdentifier(name, filter);
    }
  }
}
