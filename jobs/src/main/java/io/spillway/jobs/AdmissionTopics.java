package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.edge.AdmissionReport;
import io.spillway.quota.Rejection;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What admission tells those who send: topics that every job may have, and none has unless it is
 * asked for. At least once; sinks are chained to admission.
 */
final class AdmissionTopics {
  static final String REJECTIONS_UID = "rejections-sink-v1";
  static final String REPORTS_UID = "admission-reports-sink-v1";

  static final ConfigOption<String> REJECTIONS_TOPIC =
      ConfigOptions.key("rejections.topic")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Where problem records (RFC 9457, status 429) go of who is over admission.quota.*: one"
                  + " a second for each source and subtask, at most 1001, with the seconds to"
                  + " retry after. Empty: none.");

  /** What admission itself has no option for. */
  static final List<ConfigOption<String>> OPTIONS = List.of(REJECTIONS_TOPIC);

  /** Topics that have to exist before a job starts, where they are named. */
  static final List<ConfigOption<String>> TOPICS =
      List.of(REJECTIONS_TOPIC, AdmissionOptions.PUBLISH_TOPIC);

  private AdmissionTopics() {}

  /** Attaches the sinks that the settings ask for. */
  static void write(Lanes lanes, JobFrame frame) {
    String rejections = frame.settings().get(REJECTIONS_TOPIC);
    if (!rejections.isEmpty()) {
      frame.write(
          lanes.rejections(),
          new JsonRecords<>(rejections, Rejection::kafkaKey, Rejection::toJson),
          REJECTIONS_UID,
          "rejections",
          Delivery.AT_LEAST_ONCE);
    }
    AdmissionOptions admission = AdmissionOptions.from(frame.settings());
    if (admission.publishes()) {
      frame.write(
          lanes.reports(),
          new JsonRecords<>(
              admission.publishTopic(), AdmissionReport::kafkaKey, AdmissionReport::toJson),
          REPORTS_UID,
          "admission reports",
          Delivery.AT_LEAST_ONCE);
    }
  }
}
