package io.spillway.jobs.video;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a player says, by {@code ce_type}. */
public enum PlaybackKind {
  /** The first picture is there. */
  START("video.start"),
  /** It plays. */
  HEARTBEAT("video.heartbeat"),
  /** It stood still and plays again. */
  REBUFFER("video.rebuffer"),
  /** The viewer saw nothing at all. */
  START_FAILURE("video.start-failure"),
  /** For whoever looks for a fault in players; says nothing of quality. */
  DEBUG("video.debug");

  private static final Map<String, PlaybackKind> BY_TYPE =
      Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.type, Function.identity()));

  private final String type;

  PlaybackKind(String type) {
    this.type = type;
  }

  /** The type of its events. */
  public String type() {
    return type;
  }

  /** The kind of events of this type; null for a type that is none of a player. */
  static PlaybackKind ofType(String type) {
    return type == null ? null : BY_TYPE.get(type);
  }

  /** Whether it shows that a video plays: these events say whether a session is in the sample. */
  boolean showsPlayback() {
    return this == START || this == HEARTBEAT;
  }
}
