package io.spillway.sandbox.policy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.policy.BadPolicy;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyInForce;
import io.spillway.sandbox.cluster.SandboxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policy topic as one job understands it: which records are its own, which of them it follows
 * and which it refuses. Knows nothing of Kafka. Not thread safe.
 */
public final class PolicyLog {
  private final byte[] key;
  private final PolicyInForce inForce;
  private final List<String> lines = new ArrayList<>();
  private long highest;

  /**
   * @param job name of the job: the key of its records
   * @param own the options it was submitted with
   */
  public PolicyLog(String job, AdmissionOptions own) {
    this.key = job.getBytes(StandardCharsets.UTF_8);
    this.inForce = new PolicyInForce(job, own);
  }

  /** Takes the next record of the topic. */
  public void add(long offset, long timestampMillis, byte[] recordKey, byte[] value) {
    if (!Arrays.equals(key, recordKey)) {
      return;
    }
    Optional<String> refused = take(offset, timestampMillis, value);
    lines.add(
        "%8d  %s  %s"
            .formatted(
                offset,
                Instant.ofEpochMilli(timestampMillis),
                refused
                    .map("refused: %s"::formatted)
                    .orElse(
                        value == null ? "no value: the job's own options" : policy().toString())));
    if (value != null) {
      highest = Math.max(highest, versionIn(value));
    }
  }

  private Optional<String> take(long offset, long timestampMillis, byte[] value) {
    return inForce.take(
        new RawEvent("", 0, offset, timestampMillis, key, value, EventHeaders.empty()));
  }

  private static long versionIn(byte[] value) {
    try {
      return Policy.read(value).version();
    } catch (BadPolicy e) {
      return 0;
    }
  }

  /** The policy that the job follows after these records. */
  public Policy policy() {
    return inForce.policy();
  }

  /** A line for each record of the job, in their order. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * The policy to write next.
   *
   * @param version 0 for the one after the highest so far
   * @throws SandboxException if the job would refuse it; it says why
   */
  public Policy next(long version, Map<String, String> settings) {
    Policy next = new Policy(version == 0 ? highest + 1 : version, settings);
    try {
      take(Long.MAX_VALUE, 0, next.toJson())
          .ifPresent(
              reason -> {
                throw SandboxException.wrongUse(reason);
              });
    } catch (InvalidSettings e) {
      throw SandboxException.wrongUse(e.getMessage());
    }
    return next;
  }
}
