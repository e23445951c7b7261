package io.spillway.jobs.load;

import io.spillway.priority.Priority;
import java.util.stream.IntStream;

/**
 * For the video job: what players say while a viewer watches, {@code
 * {"viewer":"u-7-3","cdn":"c-2","isp":"i-1","positionMillis":8000,"bitrateKbps":3200,"filler":"..."}}
 * with the viewer as key. A source is a player; each {@value #SESSION_EVENTS} of its events are a
 * session, and each session has another viewer, so that sessions end whatever the rate. The first
 * event of a session is its start where its priority allows, the others come every {@value
 * #BEAT_MILLIS} ms of playing time. A player has one CDN of four and one provider of six.
 */
final class Playback implements Vocabulary {
  static final int SESSION_EVENTS = 20;
  static final int BEAT_MILLIS = 2_000;

  private static final int CDNS = 4;
  private static final int ISPS = 6;
  private static final int[] BITRATES = {800, 1_600, 3_200, 4_800, 6_400};
  private static final int LEAST_STARTUP = 200;
  private static final int STARTUP_RANGE = 1_800;
  private static final int REBUFFER_RANGE = 3_000;

  private static final byte[] VIEWER = Payload.ascii("{\"viewer\":\"");
  private static final byte[] POSITION = Payload.ascii("\",\"positionMillis\":");
  private static final byte[] BITRATE = Payload.ascii(",\"bitrateKbps\":");
  private static final byte[] STARTUP = Payload.ascii(",\"startupMillis\":");
  private static final byte[] REBUFFER = Payload.ascii(",\"rebufferMillis\":");
  private static final byte[] FILLER = Payload.ascii(Payload.FILLER);

  /** What all sessions of a player share. */
  private record Player(Sender sender, byte[] viewerPrefix, byte[] route) {
    static Player number(int number) {
      String cdn = "c-" + (1 + number % CDNS);
      String isp = "i-" + (1 + number / CDNS % ISPS);
      return new Player(
          Sender.of("player-" + number, cdn + "/" + isp),
          Payload.ascii("u-" + number + "-"),
          Payload.ascii("\",\"cdn\":\"" + cdn + "\",\"isp\":\"" + isp));
    }
  }

  private final Player[] players;
  private final long seed;
  private final Payload payload;

  Playback(LoadOptions options) {
    this.players =
        IntStream.rangeClosed(0, options.sources()).mapToObj(Player::number).toArray(Player[]::new);
    this.seed = Share.mix(options.seed() + 5);
    this.payload = new Payload(options.eventBytes(), seed);
  }

  @Override
  public Sender sender(int source) {
    return players[source].sender();
  }

  @Override
  public String type(Priority priority, long sequence) {
    return switch (priority) {
      case CRITICAL -> "video.start-failure";
      case HIGH -> "video.rebuffer";
      case NORMAL -> beat(sequence) == 0 ? "video.start" : "video.heartbeat";
      case BULK -> "video.debug";
    };
  }

  @Override
  public byte[] key(int source, long sequence) {
    return Decimal.append(players[source].viewerPrefix(), session(sequence));
  }

  @Override
  public byte[] payload(int source, long sequence, Priority priority, long event) {
    Player player = players[source];
    long chance = Share.mix(seed ^ event) >>> 8;
    payload
        .begin()
        .put(VIEWER)
        .put(player.viewerPrefix())
        .put(session(sequence))
        .put(player.route())
        .put(POSITION)
        .put(beat(sequence) * (long) BEAT_MILLIS);
    switch (priority) {
      case CRITICAL, BULK -> {}
      case HIGH -> payload.put(REBUFFER).put(chance % REBUFFER_RANGE);
      case NORMAL -> {
        if (beat(sequence) == 0) {
          payload.put(STARTUP).put(LEAST_STARTUP + chance % STARTUP_RANGE);
        } else {
          payload.put(BITRATE).put(BITRATES[(int) (chance % BITRATES.length)]);
        }
      }
    }
    return payload.put(FILLER).end();
  }

  private static long session(long sequence) {
    return 1 + (sequence - 1) / SESSION_EVENTS;
  }

  private static int beat(long sequence) {
    return (int) ((sequence - 1) % SESSION_EVENTS);
  }
}
