package io.spillway.jobs.load;

/** The jobs that events can be made for. */
public enum EventKind {
  IOT("iot.events") {
    @Override
    Vocabulary vocabulary(LoadOptions options) {
      return new Measurements(options);
    }
  },
  TRANSACTIONS("transactions.commands") {
    @Override
    Vocabulary vocabulary(LoadOptions options) {
      return new CardCommands(options);
    }
  },
  VIDEO("video.events") {
    @Override
    Vocabulary vocabulary(LoadOptions options) {
      return new Playback(options);
    }
  };

  private final String topic;

  EventKind(String topic) {
    this.topic = topic;
  }

  /** Where the job reads them unless it is told otherwise. */
  String topic() {
    return topic;
  }

  abstract Vocabulary vocabulary(LoadOptions options);
}
