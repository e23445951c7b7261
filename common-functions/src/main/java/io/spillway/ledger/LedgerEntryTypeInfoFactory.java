package io.spillway.ledger;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link LedgerEntrySerializer} wherever a {@link LedgerEntry} travels. */
public final class LedgerEntryTypeInfoFactory extends TypeInfoFactory<LedgerEntry> {
  @Override
  public TypeInformation<LedgerEntry> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(LedgerEntry.class, LedgerEntrySerializer.INSTANCE);
  }
}
