package io.spillway.admission;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link AdmittedEventSerializer} wherever an {@link AdmittedEvent} travels. */
public final class AdmittedEventTypeInfoFactory extends TypeInfoFactory<AdmittedEvent> {
  @Override
  public TypeInformation<AdmittedEvent> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(AdmittedEvent.class, AdmittedEventSerializer.INSTANCE);
  }
}
