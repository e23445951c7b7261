package io.spillway.sandbox.demo;

import io.spillway.risk.v1.Faults;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.risk.RiskServer;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What a job asks about its events while it is shown, in this process: the risk service for the
 * transaction job, which answers as fast as one in the same data center; nothing for any other. All
 * variants ask it alike.
 */
final class DemoService implements AutoCloseable {
  private static final long ANSWER_MILLIS = 5;

  private final RiskServer server;
  private long counted;

  private DemoService(RiskServer server) {
    this.server = server;
  }

  static DemoService of(String job) {
    if (JobName.of(job) != JobName.TRANSACTIONS) {
      return new DemoService(null);
    }
    try {
      RiskServer server = RiskServer.start(0);
      server.misbehave(Faults.newBuilder().setDelayMillis(ANSWER_MILLIS).build());
      return new DemoService(server);
    } catch (IOException e) {
      throw SandboxException.failure("the risk service does not start: " + e.getMessage(), e);
    }
  }

  /** This variant, told where the service is. */
  Variant askedBy(Variant variant) {
    return server == null ? variant : variant.with("risk.address", "127.0.0.1:" + server.port());
  }

  /** Questions since this was asked before; empty where there is no service. */
  OptionalLong questions() {
    if (server == null) {
      return OptionalLong.empty();
    }
    long before = counted;
    counted = server.questions();
    return OptionalLong.of(counted - before);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
