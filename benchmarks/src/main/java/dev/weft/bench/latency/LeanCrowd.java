package dev.weft.bench.latency;

import dev.weft.crdt.ReplicaId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many lean clients, in groups as the others are, on three threads. They ask for a sign of life as
 * often as a client does unless told otherwise. Confined to one thread.
 */
final class LeanCrowd implements AutoCloseable {
  /** A third of the five seconds after which a client calls its text stale. */
  private static final Duration PING_EVERY = Duration.ofMillis(1_667);

  private static final Duration CONNECT_WITHIN = Duration.ofMinutes(1);

  private final ExecutorService reading = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService pinging = Executors.newSingleThreadScheduledExecutor();
  private final HttpClient http = HttpClient.newBuilder().executor(reading).build();
  private final List<LeanClient> clients = new ArrayList<>();
  private final List<LeanGroup> groups = new ArrayList<>();
  private final AtomicInteger pings = new AtomicInteger();

  private LeanCrowd() {}

  /** Connects clients to a relay, and returns when all have their document open. */
  static LeanCrowd connect(URI relay, String name, int clients, int groupSize, int writers)
      throws IOException {
    LeanCrowd crowd = new LeanCrowd();
    SecureRandom random = new SecureRandom();
    try {
      for (int number = 0; number < clients / groupSize; number++) {
        List<LeanClient> members = new ArrayList<>();
        for (int i = 0; i < groupSize; i++) {
          LeanClient client =
              new LeanClient(
                  crowd.http, relay, Crowd.document(name, number), ReplicaId.random(random));
          crowd.clients.add(client);
          members.add(client);
        }
        crowd.groups.add(new LeanGroup(members, writers));
        // All at once is more than a listening socket takes.
        crowd.awaitOpened(members);
      }
      crowd.ping();
      return crowd;
    } catch (IOException | RuntimeException e) {
      crowd.close();
      throw e;
    }
  }

  private void awaitOpened(List<LeanClient> members) throws IOException {
    if (!Waiting.until(
        CONNECT_WITHIN, () -> members.stream().allMatch(each -> each.opened().isDone()))) {
      throw new IOException(
          "a client could not connect within " + CONNECT_WITHIN.toSeconds() + " s");
    }
    requireAlive();
  }

  /** Each at its own time, as they would be that have not begun together. */
  private void ping() {
    long pauseNanos = PING_EVERY.toNanos() / Math.max(1, clients.size());
    var unused =
        pinging.scheduleAtFixedRate(
            () -> {
              int number = pings.getAndIncrement();
              clients.get(number % clients.size()).ping(number + 1);
            },
            pauseNanos,
            pauseNanos,
            TimeUnit.NANOSECONDS);
  }

  List<LeanGroup> groups() {
    return groups;
  }

  /** Returns how many saves have no receipt. */
  int missing() {
    return clients.stream().mapToInt(LeanClient::savesUnderWay).sum();
  }

  /** Ends the measurement if a client is not there any more. */
  void requireAlive() throws IOException {
    for (LeanClient client : clients) {
      String failure = client.failure();
      if (failure != null) {
        throw new IOException("a client was lost: " + failure);
      }
    }
  }

  @Override
  public void close() {
    pinging.shutdownNow();
    clients.forEach(LeanClient::close);
    reading.shutdown();
  }
}
