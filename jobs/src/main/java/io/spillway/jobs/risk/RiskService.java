package io.spillway.jobs.risk;

import io.spillway.config.InvalidSettings;
import io.spillway.enrichment.Lookup;
import io.spillway.enrichment.LookupFactory;
import io.spillway.risk.v1.ScoreRequest;

/**
 * Where the risk service is; each subtask opens one connection to it.
 *
 * @param address HOST:PORT
 */
public record RiskService(String address) implements LookupFactory<ScoreRequest, Double> {
  private static final int LAST_PORT = 65_535;

  public RiskService {
    int colon = address.lastIndexOf(':');
    if (colon < 1 || !isPort(address.substring(colon + 1))) {
      throw new InvalidSettings("risk.address", address, "write HOST:PORT");
    }
  }

  @Override
  public Lookup<ScoreRequest, Double> open() {
    return new RiskLookup(address);
  }

  private static boolean isPort(String text) {
    try {
      int port = Integer.parseInt(text);
      return port > 0 && port <= LAST_PORT;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
