package io.spillway.ledger;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link SettlementSerializer} wherever a {@link Settlement} travels. */
public final class SettlementTypeInfoFactory extends TypeInfoFactory<Settlement> {
  @Override
  public TypeInformation<Settlement> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(Settlement.class, SettlementSerializer.INSTANCE);
  }
}
