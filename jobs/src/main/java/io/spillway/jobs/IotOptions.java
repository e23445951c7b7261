package io.spillway.jobs;

import static io.spillway.jobs.FlowOptions.required;
import static io.spillway.jobs.FlowOptions.topic;

import io.spillway.aggregation.WindowOptions;
import io.spillway.config.Settings;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What only the IoT job can be told: its outputs. */
public record IotOptions(
    FlowOptions flow, String alertsTopic, Delivery alertsDelivery, String aggregatesTopic) {

  public static final ConfigOption<String> ALERTS_TOPIC =
      topic("alerts.topic", "iot.alerts", "Where critical events go.");

  public static final ConfigOption<Delivery> ALERTS_DELIVERY =
      ConfigOptions.key("alerts.delivery")
          .enumType(Delivery.class)
          .defaultValue(Delivery.AT_LEAST_ONCE)
          .withDescription(
              "How alerts are written; exactly-once holds each of them back until the next"
                  + " checkpoint.");

  public static final ConfigOption<String> AGGREGATES_TOPIC =
      topic("aggregates.topic", "iot.aggregates", "Where the results of windows go.");

  /** Topics that have to exist before the job starts. */
  public static final List<ConfigOption<String>> TOPICS =
      FlowOptions.topics(List.of(ALERTS_TOPIC, AGGREGATES_TOPIC));

  /** Every setting of the job, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      FlowOptions.around(
          WindowOptions.OPTIONS,
          List.of(ALERTS_TOPIC, ALERTS_DELIVERY, AGGREGATES_TOPIC),
          Map.of(
              FlowOptions.PRIORITY_RULES.key(),
              "type=iot.alarm* -> critical; type=iot.fault* -> high; type=iot.debug* -> bulk",
              FlowOptions.POLICY_JOB.key(),
              "iot"));

  public IotOptions {
    required(ALERTS_TOPIC, alertsTopic);
    required(AGGREGATES_TOPIC, aggregatesTopic);
  }

  public static IotOptions from(Settings settings) {
    return new IotOptions(
        FlowOptions.from(settings),
        settings.get(ALERTS_TOPIC),
        settings.get(ALERTS_DELIVERY),
        settings.get(AGGREGATES_TOPIC));
  }
}
