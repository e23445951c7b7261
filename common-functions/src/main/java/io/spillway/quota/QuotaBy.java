package io.spillway.quota;

import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;

/** Who has a quota. */
public enum QuotaBy {
  /** Nobody. */
  OFF {
    @Override
    byte[] name(RawEvent event, EventAttributes attributes, String tenantHeader) {
      return null;
    }
  },
  /** Each {@code ce_source}. */
  SOURCE {
    @Override
    byte[] name(RawEvent event, EventAttributes attributes, String tenantHeader) {
      return attributes.sourceBytes();
    }
  },
  /** Each value of a header. */
  TENANT {
    @Override
    byte[] name(RawEvent event, EventAttributes attributes, String tenantHeader) {
      return attributes.bytes(tenantHeader);
    }
  },
  /** Each Kafka record key. */
  KEY {
    @Override
    byte[] name(RawEvent event, EventAttributes attributes, String tenantHeader) {
      return event.key();
    }
  };

  /** The name under which an event is counted, in UTF-8; null where it has none; not a copy. */
  abstract byte[] name(RawEvent event, EventAttributes attributes, String tenantHeader);
}
