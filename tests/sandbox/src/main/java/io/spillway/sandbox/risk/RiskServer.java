package io.spillway.sandbox.risk;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.stub.StreamObserver;
import io.spillway.risk.v1.FaultServiceGrpc;
import io.spillway.risk.v1.Faults;
import io.spillway.risk.v1.RiskServiceGrpc;
import io.spillway.risk.v1.ScoreRequest;
import io.spillway.risk.v1.ScoreResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/**
 * A risk service that answers the same question always alike, and misbehaves as it is told to while
 * it runs: late, wrong, silent, or with its connections lost. On the loopback address only. Delays
 * occupy no threads.
 */
public final class RiskServer implements AutoCloseable {
  private static final int STEPS = 1000;
  private static final int THREADS = 2;
  private static final long END_SECONDS = 5;

  private final ScheduledThreadPoolExecutor answers = new ScheduledThreadPoolExecutor(1);
  private final AtomicLong questions = new AtomicLong();
  private final Connections connections = new Connections();
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
  private final Server server;
  private volatile Faults faults = Faults.getDefaultInstance();

  private RiskServer(int port) throws IOException {
    answers.setRemoveOnCancelPolicy(true);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .channelFactory(connections::accepting)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .directExecutor()
            .addService(new Scores())
            .addService(new Control())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * @param port 0 for any that is free
   */
  public static RiskServer start(int port) throws IOException {
    return new RiskServer(port);
  }

  public int port() {
    return server.getPort();
  }

  /** Questions that have come so far. */
  public long questions() {
    return questions.get();
  }

  /** From now on. */
  public void misbehave(Faults how) {
    faults = how;
    if (how.getDropNow()) {
      connections.lose();
    }
  }

  /** Waits until it is closed, by another thread. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    server.shutdownNow();
    answers.shutdownNow();
    try {
      server.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
  }

  /** The same for the same account and merchant, 0 to 1. */
  static double scoreOf(ScoreRequest question) {
    CRC32 hash = new CRC32();
    hash.update(question.getAccount().getBytes(StandardCharsets.UTF_8));
    hash.update(0);
    hash.update(question.getMerchant().getBytes(StandardCharsets.UTF_8));
    return hash.getValue() % STEPS / (double) STEPS;
  }

  /** Whether this question fails: of any n in a row the share of n, rounded up or down. */
  static boolean fails(long number, double share) {
    return Math.floor((number + 1) * share) > Math.floor(number * share);
  }

  private final class Scores extends RiskServiceGrpc.RiskServiceImplBase {
    @Override
    public void score(ScoreRequest question, StreamObserver<ScoreResponse> caller) {
      long number = questions.getAndIncrement();
      Faults now = faults;
      if (now.getDropEvery() > 0 && (number + 1) % now.getDropEvery() == 0) {
        connections.lose();
        return;
      }
      if (now.getHang()) {
        return;
      }
      if (now.getDelayMillis() == 0) {
        answer(question, number, now, caller);
      } else {
        answers.schedule(
            () -> answer(question, number, now, caller),
            now.getDelayMillis(),
            TimeUnit.MILLISECONDS);
      }
    }

    private void answer(
        ScoreRequest question, long number, Faults now, StreamObserver<ScoreResponse> caller) {
      if (fails(number, now.getErrorShare())) {
        caller.onError(Status.UNAVAILABLE.withDescription("told to fail").asException());
        return;
      }
      caller.onNext(ScoreResponse.newBuilder().setScore(scoreOf(question)).build());
      caller.onCompleted();
    }
  }

  private final class Control extends FaultServiceGrpc.FaultServiceImplBase {
    @Override
    public void set(Faults how, StreamObserver<Faults> caller) {
      Faults before = faults;
      caller.onNext(before);
      caller.onCompleted();
      misbehave(how);
    }
  }
}
