package io.spillway.jobs.work;

/**
 * A payload that is not what the job understands; the message says in one line what is wrong. Has
 * no stack trace: bad payloads are data, and may be many.
 */
public final class BadPayload extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LENGTH = 200;

  public BadPayload(String message) {
    super(oneLine(message), null, false, false);
  }

  private static String oneLine(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 3) + "...";
  }
}
