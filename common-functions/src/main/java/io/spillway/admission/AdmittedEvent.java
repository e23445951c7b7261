package io.spillway.admission;

import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * An event that was let in, with what admission knows of it.
 *
 * @param eventTimeMillis {@code ce_time}, or the Kafka timestamp where there is none
 * @param weight how many events this one stands for: the incoming {@code ce_sampledrate} divided by
 *     the keep probability it survived (Horvitz and Thompson 1952); 1.0 when nothing is shed
 */
@TypeInfo(AdmittedEventTypeInfoFactory.class)
public record AdmittedEvent(RawEvent raw, Priority priority, long eventTimeMillis, double weight) {}
