package io.spillway.admission;

import io.spillway.priority.Priority;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.graph.StreamGraphGenerator;
import org.apache.flink.util.OutputTag;

/**
 * A path through the job with its own network buffers.
 *
 * @param name the word in metrics and uids
 * @param priorities what travels on it
 */
public record Lane(String name, Set<Priority> priorities) implements Serializable {
  static final String EXPRESS = "express";
  static final String BULK = "bulk";
  static final String ALL = "all";

  public Lane {
    priorities = Set.copyOf(priorities);
  }

  /** The lanes of a job with these options, the more important first. */
  static List<Lane> of(AdmissionOptions options) {
    EnumSet<Priority> rest = EnumSet.allOf(Priority.class);
    if (options.lanes() == LaneMode.SINGLE) {
      return List.of(new Lane(ALL, rest));
    }
    rest.removeAll(options.express());
    Lane express = new Lane(EXPRESS, options.express());
    return rest.isEmpty() ? List.of(express) : List.of(express, new Lane(BULK, rest));
  }

  /** The slot sharing group of an isolated lane: the express lane has one of its own. */
  String slots() {
    return name.equals(EXPRESS) ? EXPRESS : StreamGraphGenerator.DEFAULT_SLOT_SHARING_GROUP;
  }

  OutputTag<AdmittedEvent> tag() {
    return new OutputTag<>("lane-" + name, TypeInformation.of(AdmittedEvent.class));
  }
}
