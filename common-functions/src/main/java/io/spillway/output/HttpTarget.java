package io.spillway.output;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.RawEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Something that takes results by HTTP: each record is a POST in the binary mode of the CloudEvents
 * HTTP protocol binding, its value the body. {@code ce-id} is the place of the record in Kafka, the
 * same however often it is sent, so that the target can tell a second copy. Thread safe; answers
 * come on a thread of the client.
 */
final class HttpTarget {
  private static final String JSON = "application/json";
  private static final int TIMED_OUT = 408;
  private static final int TOO_MANY = 429;

  /** Answers of which the next try may be better, other than those of a server in trouble. */
  private static final Set<Integer> LATER = Set.of(TIMED_OUT, TOO_MANY);

  private final HttpClient client;
  private final URI uri;
  private final Duration timeout;

  /** What became of one try. */
  sealed interface Answer {
    /** The target has it. */
    record Taken() implements Answer {}

    /** The target will not have it, however often it is asked. */
    record Refused(String detail) implements Answer {}

    /** No answer, or none that says anything about the record. */
    record Failed(String detail) implements Answer {}
  }

  HttpTarget(HttpClient client, URI uri, Duration timeout) {
    this.client = client;
    this.uri = uri;
    this.timeout = timeout;
  }

  /** Sends a record; the future never fails. */
  CompletableFuture<Answer> post(RawEvent event) {
    byte[] body = event.value() == null ? new byte[0] : event.value();
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("content-type", contentType(event))
            .header("ce-specversion", "1.0")
            .header("ce-id", "%s-%d-%d".formatted(event.topic(), event.partition(), event.offset()))
            .header("ce-source", "kafka:" + event.topic())
            .header("ce-type", "io.spillway.result")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return client
        .sendAsync(request, BodyHandlers.discarding())
        .handle(
            (response, failure) ->
                failure == null ? answer(response.statusCode()) : failed(failure));
  }

  private static String contentType(RawEvent event) {
    byte[] given = event.header(CloudEventHeaders.CONTENT_TYPE);
    return given == null ? JSON : new String(given, StandardCharsets.US_ASCII);
  }

  static Answer answer(int status) {
    if (status / 100 == 2) {
      return new Answer.Taken();
    }
    boolean refused = status / 100 == 4 && !LATER.contains(status);
    return refused
        ? new Answer.Refused("the target answers with status " + status)
        : new Answer.Failed("status " + status);
  }

  private static Answer failed(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return new Answer.Failed(cause.getClass().getSimpleName() + ": " + cause.getMessage());
  }
}
