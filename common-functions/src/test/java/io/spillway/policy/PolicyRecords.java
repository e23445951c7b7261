package io.spillway.policy;

import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Records of a policy topic. */
final class PolicyRecords {
  static final String JOB = "iot";

  private PolicyRecords() {}

  static RawEvent policy(long offset, long version, String... settings) {
    Map<String, String> texts = new HashMap<>();
    for (String setting : settings) {
      String[] pair = setting.split("=");
      texts.put(pair[0], pair[1]);
    }
    return record(JOB, offset, new Policy(version, texts).toJson());
  }

  static RawEvent text(long offset, String value) {
    return record(JOB, offset, value.getBytes(StandardCharsets.UTF_8));
  }

  static RawEvent tombstone(long offset) {
    return record(JOB, offset, null);
  }

  static RawEvent record(String key, long offset, byte[] value) {
    return new RawEvent(
        "spillway.policy",
        0,
        offset,
        1_700_000_000_000L + offset,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value,
        EventHeaders.empty());
  }
}
