package io.spillway.quota;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * Whose quota an admitted event takes from, as a key. Events without a name share one, the empty
 * text; bytes that are no UTF-8 count as the text they are read as.
 */
public record QuotaName(QuotaOptions options, EventLimits limits)
    implements KeySelector<AdmittedEvent, String> {
  private static final String NO_NAME = "";

  @Override
  public String getKey(AdmittedEvent event) {
    byte[] name =
        options
            .by()
            .name(event.raw(), EventAttributes.read(event.raw(), limits), options.tenantHeader());
    return name == null ? NO_NAME : new String(name, StandardCharsets.UTF_8);
  }
}
