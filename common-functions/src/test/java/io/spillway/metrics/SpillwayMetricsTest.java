package io.spillway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.events.Event;
import org.apache.flink.events.EventBuilder;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class SpillwayMetricsTest {
  @Test
  void aCircuitThatChangesIsAnEventForTheReportersOfTheCluster() {
    List<Event> events = new ArrayList<>();
    SpillwayMetrics metrics =
        new SpillwayMetrics(
            new UnregisteredMetricsGroup() {
              @Override
              public void addEvent(EventBuilder event) {
                events.add(event.build());
              }
            });
    metrics.circuitChanged("express", "open");
    assertThat(events).hasSize(1);
    Event event = events.get(0);
    assertThat(event.getName()).isEqualTo("SpillwayCircuitChanged");
    assertThat(event.getSeverity()).isEqualTo("WARN");
    assertThat(event.getAttributes())
        .containsAllEntriesOf(Map.of("lane", "express", "state", "open"));
  }
}
