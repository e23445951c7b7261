package io.spillway.policy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which policy a job follows, from the records of the policy topic in their order: the last good
 * one with the job's name as key. A version must be above the one in force, so that a version names
 * one content and an old policy cannot come back unseen; a tombstone (no value) goes back to the
 * job's own options, and forgets the version. A record that is refused changes nothing.
 *
 * <p>Pure; not thread safe.
 */
public final class PolicyInForce {
  private final byte[] key;
  private final AdmissionOptions own;
  private Policy policy = Policy.OWN;
  private RawEvent record;

  /**
   * @param job name of the job: the key of its records
   * @param own the job's options, which a policy is laid over
   */
  public PolicyInForce(String job, AdmissionOptions own) {
    this.key = job.getBytes(StandardCharsets.UTF_8);
    this.own = own;
  }

  public Policy policy() {
    return policy;
  }

  /** The record the policy is from; null for the job's own options. */
  RawEvent record() {
    return record;
  }

  /**
   * Takes the next record of the topic.
   *
   * @return why it is refused, in one line; empty where it is not, or is another job's
   */
  public Optional<String> take(RawEvent next) {
    if (!Arrays.equals(key, next.key())) {
      return Optional.empty();
    }
    if (next.value() == null) {
      policy = Policy.OWN;
      record = null;
      return Optional.empty();
    }
    try {
      Policy read = Policy.read(next.value());
      if (!read.equals(policy)) {
        requireNewer(read.version());
        own.with(read.settings());
        policy = read;
        record = next;
      }
      return Optional.empty();
    } catch (BadPolicy | InvalidSettings e) {
      return Optional.of(e.getMessage());
    }
  }

  private void requireNewer(long version) throws BadPolicy {
    if (version == policy.version()) {
      throw new BadPolicy(
          "version %d is in force with other settings; write a higher version".formatted(version));
    }
    if (version < policy.version()) {
      throw new BadPolicy(
          "version %d is below %d, which is in force; write a higher version"
              .formatted(version, policy.version()));
    }
  }
}
