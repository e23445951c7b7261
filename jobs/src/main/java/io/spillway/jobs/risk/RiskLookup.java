package io.spillway.jobs.risk;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.spillway.enrichment.Lookup;
import io.spillway.enrichment.LookupFailure;
import io.spillway.enrichment.LookupFailure.Kind;
import io.spillway.risk.v1.RiskServiceGrpc;
import io.spillway.risk.v1.ScoreRequest;
import io.spillway.risk.v1.ScoreResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Asks the risk service over one HTTP/2 connection, however many questions are under way. Each has
 * a deadline that the service is told of; gRPC repeats nothing by itself. Begins to connect when it
 * is opened, and again with the next question after a loss. Scores are from 0 to 1. Safe for many
 * threads; answers come on gRPC's.
 */
public final class RiskLookup implements Lookup<ScoreRequest, Double> {
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

  private final ManagedChannel channel;
  private final RiskServiceGrpc.RiskServiceStub service;

  RiskLookup(String address) {
    channel =
        ManagedChannelBuilder.forTarget("dns:///" + address)
            .usePlaintext()
            .disableRetry()
            .directExecutor()
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .build();
    service = RiskServiceGrpc.newStub(channel);
    channel.getState(true);
  }

  @Override
  public CompletionStage<Double> ask(ScoreRequest question, Duration deadline) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // The breaker decides when it is time to try again, not gRPC's own wait of up to minutes.
      channel.resetConnectBackoff();
    }
    Answer answer = new Answer();
    service.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS).score(question, answer);
    return answer.future;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  static Kind kindOf(Status.Code code) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> Kind.TIMEOUT;
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          Kind.REFUSED;
      case DATA_LOSS -> Kind.BAD_ANSWER;
      case OK, CANCELLED, UNKNOWN, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE ->
          Kind.UNAVAILABLE;
    };
  }

  /** One answer on its way; whoever cancels the future cancels the call. */
  private static final class Answer implements ClientResponseObserver<ScoreRequest, ScoreResponse> {
    private final CompletableFuture<Double> future = new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<ScoreRequest> call) {
      future.whenComplete(
          (score, failure) -> {
            if (future.isCancelled()) {
              call.cancel("nobody waits any more", null);
            }
          });
    }

    @Override
    public void onNext(ScoreResponse response) {
      double score = response.getScore();
      if (score >= 0 && score <= 1) {
        future.complete(score);
      } else {
        future.completeExceptionally(
            new LookupFailure(Kind.BAD_ANSWER, "not from 0 to 1: " + score));
      }
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      future.completeExceptionally(new LookupFailure(kindOf(status.getCode()), status.toString()));
    }

    @Override
    public void onCompleted() {
      future.completeExceptionally(new LookupFailure(Kind.BAD_ANSWER, "an empty answer"));
    }
  }
}
