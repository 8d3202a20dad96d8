package dev.weft.cluster;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to Redis for publishing and one for what is subscribed, both or neither: made again,
 * with backoff and jitter, whenever one is lost or does not answer. Nothing is kept for later: what
 * cannot be sent now is dropped. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MIN_PAUSE = Duration.ofMillis(100);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  /** How often Redis is asked whether it is there, and for how long an answer is awaited. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(3);

  /** So much may be on its way to Redis before more is dropped. */
  private static final long MAX_IN_FLIGHT_BYTES = 16 << 20;

  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

  private final RedisURI uri;
  private final String where;
  private final Events events;
  private final ScheduledExecutorService scheduler;
  private final ClientResources resources;
  private final RedisClient client;
  private final AtomicLong inFlightBytes = new AtomicLong();
  private volatile @Nullable Session session;
  private volatile boolean closed;

  // Confined to the scheduler.
  private final Backoff backoff;
  private boolean lossTold;

  /**
   * Creates a link that is not there until it is {@linkplain #start started}.
   *
   * @param scheduler runs one task at a time, and is closed after the link
   */
  RedisLink(
      RedisURI uri, Events events, ScheduledExecutorService scheduler, RandomGenerator random) {
    this.uri = uri;
    this.where = uri.getHost() + ":" + uri.getPort();
    this.events = events;
    this.scheduler = scheduler;
    backoff = new Backoff(MIN_PAUSE, MAX_PAUSE, random);
    resources = ClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            // Done here, so that the first connection is not treated otherwise than the later ones.
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).keepAlive(true).build())
            .build());
  }

  /** Begins to connect; does not wait for it. Called once. */
  void start() {
    onScheduler(this::connect);
  }

  /** Hears of the link, on Redis's threads or the scheduler: must be short. */
  interface Events {
    /** The link is there, with nothing subscribed. */
    void up();

    /** The link is lost, and with it what was subscribed. */
    void down();

    /** From now on, what is published on the channel comes. */
    void subscribed(String channel);

    void message(String channel, byte[] payload);
  }

  private record Session(
      StatefulRedisPubSubConnection<String, byte[]> subscriptions,
      StatefulRedisConnection<String, byte[]> publications) {
    void close() {
      // Not waited for: there is nothing to do about a failure.
      var unused = subscriptions.closeAsync();
      unused = publications.closeAsync();
    }
  }

  /** Returns whether there is a link, so that it is worth preparing what is to be published. */
  boolean isUp() {
    return session != null;
  }

  /** Publishes if there is a link and room; returns whether it was sent off. Never blocks. */
  boolean publish(String channel, byte[] payload) {
    Session current = session;
    if (current == null) {
      return false;
    }
    if (inFlightBytes.addAndGet(payload.length) > MAX_IN_FLIGHT_BYTES) {
      inFlightBytes.addAndGet(-payload.length);
      return false;
    }
    try {
      var unused =
          current
              .publications
              .async()
              .publish(channel, payload)
              .whenComplete((heard, failure) -> inFlightBytes.addAndGet(-payload.length));
      return true;
    } catch (RedisException e) {
      inFlightBytes.addAndGet(-payload.length);
      return false;
    }
  }

  /** Subscribes if there is a link. */
  void subscribe(Collection<String> channels) {
    Session current = session;
    if (current != null && !channels.isEmpty()) {
      try {
        var unused =
            current
                .subscriptions
                .async()
                .subscribe(channels.toArray(String[]::new))
                .whenComplete((done, failure) -> check(current, "subscribing", failure));
      } catch (RedisException e) {
        check(current, "subscribing", e);
      }
    }
  }

  /** Takes a subscription back if there is a link. */
  void unsubscribe(String channel) {
    Session current = session;
    if (current != null) {
      try {
        var unused =
            current
                .subscriptions
                .async()
                .unsubscribe(channel)
                .whenComplete((done, failure) -> check(current, "unsubscribing", failure));
      } catch (RedisException e) {
        check(current, "unsubscribing", e);
      }
    }
  }

  /** What fails may be the link itself: it is made anew. */
  private void check(Session current, String attempt, @Nullable Throwable failure) {
    if (failure != null) {
      onScheduler(() -> lost(current, attempt + " failed: " + reason(failure)));
    }
  }

  private void onScheduler(Runnable task) {
    if (!closed) {
      scheduler.execute(() -> Callbacks.run(task));
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    CompletionStage<Session> attempt;
    try {
      attempt = client.connectPubSubAsync(CODEC, uri).thenCompose(this::connectPublicationsToo);
    } catch (RedisException e) {
      attempt = CompletableFuture.failedStage(e);
    }
    var unused =
        attempt.whenComplete(
            (made, failure) -> {
              if (closed && made != null) {
                made.close();
              }
              onScheduler(() -> connected(made, failure));
            });
  }

  private CompletionStage<Session> connectPublicationsToo(
      StatefulRedisPubSubConnection<String, byte[]> subscriptions) {
    return client
        .connectAsync(CODEC, uri)
        .thenApply(publications -> new Session(subscriptions, publications))
        .whenComplete(
            (made, failure) -> {
              if (failure != null) {
                var unused = subscriptions.closeAsync();
              }
            });
  }

  private void connected(@Nullable Session made, @Nullable Throwable failure) {
    if (made == null) {
      retry(reason(failure));
      return;
    }
    made.subscriptions.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, byte[] payload) {
            Callbacks.run(() -> events.message(channel, payload));
          }

          @Override
          public void subscribed(String channel, long count) {
            Callbacks.run(() -> events.subscribed(channel));
          }
        });
    RedisConnectionStateListener watch =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            onScheduler(() -> lost(made, "connection closed"));
          }
        };
    made.subscriptions.addListener(watch);
    made.publications.addListener(watch);
    session = made;
    if (lossTold) {
      log.info("Redis at {} is back: changes are announced at once again", where);
    }
    lossTold = false;
    events.up();
    if (made.subscriptions.isOpen() && made.publications.isOpen()) {
      heartbeat(made);
    } else {
      lost(made, "connection closed");
    }
  }

  /** A connection that is cut off in the middle of the network looks like a quiet one. */
  private void heartbeat(Session current) {
    Future<?> unused =
        scheduler.schedule(
            () ->
                Callbacks.run(
                    () -> {
                      if (current.equals(session)) {
                        ping(current);
                      }
                    }),
            HEARTBEAT.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private void ping(Session current) {
    try {
      CompletableFuture<String> subscriptions =
          current.subscriptions.async().ping().toCompletableFuture();
      CompletableFuture<String> publications =
          current.publications.async().ping().toCompletableFuture();
      var unused =
          CompletableFuture.allOf(subscriptions, publications)
              .orTimeout(HEARTBEAT.toNanos(), TimeUnit.NANOSECONDS)
              .whenComplete(
                  (answer, failure) -> {
                    if (failure == null) {
                      onScheduler(() -> answered(current));
                    } else {
                      check(current, "asking whether it is there", failure);
                    }
                  });
    } catch (RedisException e) {
      lost(current, reason(e));
    }
  }

  private void answered(Session current) {
    // Not at once when it is connected: one that is lost again and again is not to be hurried.
    backoff.reset();
    heartbeat(current);
  }

  private void lost(Session gone, String reason) {
    if (!gone.equals(session)) {
      return;
    }
    session = null;
    gone.close();
    events.down();
    retry(reason);
  }

  private void retry(String reason) {
    if (closed) {
      return;
    }
    if (!lossTold) {
      log.warn(
          "Redis at {} cannot be reached ({}): changes come from the database, a little later",
          where,
          reason);
      lossTold = true;
    }
    Future<?> unused =
        scheduler.schedule(
            () -> Callbacks.run(this::connect), backoff.nextNanos(), TimeUnit.NANOSECONDS);
  }

  /** Lettuce's own words may name the address with its password, those beneath do not. */
  private static String reason(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root != null
        && root.getCause() != null
        && (root instanceof CompletionException || root instanceof RedisException)) {
      root = root.getCause();
    }
    return root == null ? "unknown reason" : String.valueOf(root.getMessage());
  }

  @Override
  public void close() {
    closed = true;
    session = null;
    // Closes the connections.
    client.shutdown(0, 2, TimeUnit.SECONDS);
    var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
