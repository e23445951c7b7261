package io.spillway.admission;

import io.spillway.config.InvalidSettings;
import io.spillway.policy.BadPolicy;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy that one subtask of admission, or of the quotas behind it, goes by. Kept in its state,
 * as JSON, so that after a failure the first event is decided under it, before anybody can tell the
 * subtask anything. Not thread safe.
 */
final class FollowedPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedPolicy.class);
  private static final String KEY = "policy";
  private static final MapStateDescriptor<String, byte[]> STATE =
      new MapStateDescriptor<>(
          "policy", StringSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);

  private final AdmissionOptions own;
  private final PolicyFeed feed;
  private Policy policy;
  private AdmissionOptions options;
  private BroadcastState<String, byte[]> state;

  /**
   * @param feed null where no policy is followed: then there is no state either
   */
  FollowedPolicy(AdmissionOptions own, PolicyFeed feed) {
    this.own = own;
    this.feed = feed;
    follow(feed == null ? Policy.OWN : feed.first());
  }

  /** Goes back to the policy of the last checkpoint, if there is one. */
  void initialize(OperatorStateStore store) throws Exception {
    if (feed == null) {
      return;
    }
    // Every subtask writes the same; one that is new gets it too. A union of lists would do that as
    // well, but fails a stop with a savepoint now and then: Flink allows none of it in a vertex of
    // which some tasks have ended already.
    state = store.getBroadcastState(STATE);
    byte[] json = state.get(KEY);
    if (json != null) {
      follow(read(json));
    }
  }

  void snapshot() throws Exception {
    if (state != null) {
      state.put(KEY, policy.toJson());
    }
  }

  /** Goes by this policy; by the job's own options where it does not go with them any more. */
  void follow(Policy next) {
    try {
      options = own.with(next.settings());
      policy = next;
    } catch (InvalidSettings e) {
      LOG.warn("Policy {} does not fit the options the job has now: {}", next, e.getMessage());
      options = own;
      policy = Policy.OWN;
    }
  }

  Policy policy() {
    return policy;
  }

  /** The job's own options with the policy laid over them. */
  AdmissionOptions options() {
    return options;
  }

  private static Policy read(byte[] json) {
    try {
      return Policy.read(json);
    } catch (BadPolicy e) {
      return Policy.OWN;
    }
  }
}
