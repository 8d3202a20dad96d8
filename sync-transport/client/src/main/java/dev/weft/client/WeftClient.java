package dev.weft.client;

import dev.weft.protocol.RelayAddress;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreException;
import dev.weft.store.WorkspaceStore;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a relay, shared by the texts that are open through it, with a store that keeps
 * them on this device. Without a relay the texts are kept here alone.
 *
 * <pre>{@code
 * try (WorkspaceStore store = SqliteChangeStore.open(directory, random);
 *     WeftClient client = WeftClient.builder().relay(relay).store(store).build();
 *     SharedText text = client.open(new DocumentId("minutes"))) {
 *   text.insert(text.length(), "All agreed.");
 *   SaveReceipt receipt = text.save().get();
 * }
 * }</pre>
 *
 * <p>The client connects when it is built, and connects again whenever the connection is lost,
 * after pauses that grow and are random, so that many clients do not come back at once. Nothing is
 * lost or repeated by that: on each connection both sides tell what they have, and send what the
 * other lacks. Opening, editing and reading never wait for it.
 *
 * <p>Thread-safe. {@link SharedText} tells which thread calls what.
 */
public final class WeftClient implements AutoCloseable {
  private final WorkspaceStore store;
  private final Environment environment;
  private final Session session;
  private final Duration storeWindow;
  private final OutboxLimits outboxLimits;
  private final Duration closeWithin;
  private final Runnable endThreads;

  private final Map<DocumentId, SharedText> texts = new HashMap<>();
  private boolean closing;
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

  private WeftClient(
      Builder builder, WorkspaceStore store, Environment environment, Runnable endThreads) {
    this.store = store;
    this.environment = environment;
    this.endThreads = endThreads;
    this.storeWindow = builder.storeWindow;
    this.outboxLimits = builder.outboxLimits;
    this.closeWithin = builder.closeWithin;
    this.session =
        new Session(
            builder.relay,
            builder.agent,
            environment,
            new Credentials(environment, builder.tokenSource),
            builder.staleAfter,
            builder.answerWithin,
            new Backoff(builder.backoffBase, builder.backoffCap, environment.random()));
    environment.loop().execute(session::connect);
  }

  /** Returns a builder; it needs a store. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens a document: reads it from the store and begins to keep it in step with the relay. Waits
   * for the disk but not for the network, so not for an event thread. A document that neither this
   * device nor the relay knows is an empty one.
   *
   * @throws IllegalStateException if the document is open already through this client, or the
   *     client is closed
   * @throws StoreException if the store cannot be read
   */
  public SharedText open(DocumentId document) {
    synchronized (texts) {
      if (closing) {
        throw new IllegalStateException("the client is closed");
      }
      if (texts.containsKey(document)) {
        throw new IllegalStateException(
            "document " + document.value() + " is open already; close it first, or share it");
      }
      StoredText stored = StoredText.load(store, document);
      if (session.hasRelay()) {
        stored.prepareDigest();
      }
      SharedText text =
          new SharedText(
              stored, session, environment, storeWindow, outboxLimits, closeWithin, this::forget);
      texts.put(document, text);
      environment.loop().execute(() -> text.start(stored.pendingSaves()));
      return text;
    }
  }

  private void forget(SharedText text) {
    synchronized (texts) {
      texts.remove(text.documentId(), text);
    }
  }

  /**
   * Goes offline on purpose and stays so until {@link #reconnect}. Edits and saves wait on this
   * device. Returns at once.
   */
  public void disconnect() {
    environment.loop().execute(session::disconnect);
  }

  /**
   * Connects now: after {@link #disconnect}, after a refusal, or without waiting for the pause
   * between attempts to end. While connected it only asks again for texts that were refused.
   * Returns at once.
   */
  public void reconnect() {
    environment.loop().execute(session::connect);
  }

  /**
   * Tells that this device's network may be another one now: it was woken up, say, or has changed
   * from one wireless network to another. A pause between attempts ends at once, an attempt under
   * way is made anew, and a connection of which nothing is heard within 2 s is given up, long
   * before it would be found dead. Returns at once.
   */
  public void networkChanged() {
    environment.loop().execute(session::networkChanged);
  }

  /**
   * Closes all texts, as {@link SharedText#close} does, then the connection. The store stays open;
   * it is the caller's. Closing again does nothing.
   *
   * @throws StoreException if the store does not confirm; the client is closed nevertheless
   * @throws IllegalStateException if called inside an edit, a read or an observer of a text
   */
  @Override
  public void close() {
    synchronized (texts) {
      texts.values().forEach(SharedText::requireUnlockedByCaller);
    }
    CompletableFuture<@Nullable Void> done = closeSoon();
    try {
      Closing.await(done, closeWithin);
    } finally {
      endThreads.run();
    }
  }

  /** Closes all texts, then the connection, without waiting. */
  CompletableFuture<@Nullable Void> closeSoon() {
    List<CompletableFuture<@Nullable Void>> stored = new ArrayList<>();
    synchronized (texts) {
      if (closing) {
        return closed;
      }
      closing = true;
      for (SharedText text : texts.values()) {
        stored.add(text.closeSoon());
      }
    }
    CompletableFuture<@Nullable Void> unused =
        CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new))
            .whenComplete((nothing, failure) -> closeSession(failure));
    return closed;
  }

  private void closeSession(@Nullable Throwable failure) {
    environment
        .loop()
        .execute(
            () ->
                session.close(
                    () -> {
                      if (failure == null) {
                        closed.complete(null);
                      } else {
                        closed.completeExceptionally(failure);
                      }
                    }));
  }

  /**
   * Collects what a client is made of. A duration of more than 50 years counts as 50 years. Not
   * thread-safe.
   */
  public static final class Builder {
    private @Nullable URI relay;
    private @Nullable WorkspaceStore store;
    private @Nullable Executor listenerExecutor;
    private LongSupplier ticker = System::nanoTime;
    private @Nullable RandomGenerator random;
    private String agent = "weft-java";
    private @Nullable TokenSource tokenSource;
    private Transport transport = Transport.AUTOMATIC;
    private Duration staleAfter = Duration.ofSeconds(5);
    private Duration backoffBase = Duration.ofMillis(250);
    private Duration backoffCap = Duration.ofSeconds(10);
    private Duration storeWindow = Duration.ofMillis(50);
    private OutboxLimits outboxLimits = OutboxLimits.DEFAULT;
    private Duration closeWithin = Duration.ofSeconds(5);
    private Duration answerWithin = Duration.ofSeconds(10);

    private @Nullable Links links;
    private @Nullable Environment environment;

    private Builder() {}

    /**
     * Sets the relay: {@code ws://host:port/v1/sync}, or {@code wss:} where it has a certificate.
     * Without a relay, texts are kept on this device alone.
     *
     * @throws IllegalArgumentException if the scheme is neither {@code ws} nor {@code wss}, or
     *     there is no host
     */
    public Builder relay(URI address) {
      relay = RelayAddress.require(address);
      return this;
    }

    /** Sets the store, which stays the caller's: it is closed after the client. */
    public Builder store(WorkspaceStore workspace) {
      store = workspace;
      return this;
    }

    /**
     * Sets where changes of others are applied, and observers and status listeners called: the
     * event thread, say. It must run tasks later, never inside {@code execute}, and should run them
     * in order. By default the client has a thread of its own for it.
     */
    public Builder listenerExecutor(Executor executor) {
      listenerExecutor = executor;
      return this;
    }

    /** Sets the monotonic clock, in nanoseconds from any origin. */
    public Builder ticker(LongSupplier nanoseconds) {
      ticker = nanoseconds;
      return this;
    }

    /** Sets the source of jitter and of the ids of saves. By default a secure one. */
    public Builder random(RandomGenerator generator) {
      random = generator;
      return this;
    }

    /** Sets how the client talks to the relay. By default it finds out by itself. */
    public Builder transport(Transport way) {
      transport = way;
      return this;
    }

    /** Sets what gives the bearer token, where the relay asks for one. By default there is none. */
    public Builder token(TokenSource source) {
      tokenSource = source;
      return this;
    }

    /** Sets how the client introduces itself to the relay's operator: {@code editor/1.2}. */
    public Builder agent(String name) {
      agent = name;
      return this;
    }

    /**
     * Sets how old what is shown may be before a text counts as stale: the time since the relay was
     * asked for the last sign of life that has come. It is asked three times as often, and the
     * connection given up when nothing at all came for three times as long. 5 s by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder staleAfter(Duration bound) {
      staleAfter = requirePositive("staleAfter", bound);
      return this;
    }

    /**
     * Sets the pauses between attempts to connect: a random time up to a bound that begins with
     * {@code base} and grows by half until {@code cap}. 250 ms and 10 s by default.
     *
     * @throws IllegalArgumentException unless {@code base} is positive and at most {@code cap}
     */
    public Builder backoff(Duration base, Duration cap) {
      requirePositive("base", base);
      if (base.compareTo(cap) > 0) {
        throw new IllegalArgumentException(
            "base must be at most cap, base=" + base + ", cap=" + cap);
      }
      backoffBase = base;
      backoffCap = cap;
      return this;
    }

    /**
     * Sets for how long edits are gathered before they are written to the store: what is younger
     * does not survive a crash of this process. 50 ms by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder storeWindow(Duration window) {
      if (window.isNegative()) {
        throw new IllegalArgumentException("storeWindow must not be negative, value=" + window);
      }
      storeWindow = window;
      return this;
    }

    /**
     * Sets how much of one document may wait for the relay on this device. At four fifths of either
     * bound the status says so; at the bound edits are refused ({@link OutboxFullException}),
     * rather than taken and lost. Where nothing waits, one edit of any size is taken. 10,000,000
     * changes and 64 MiB by default. Without a relay the first bounds what the store could not
     * take.
     *
     * @param maxChanges how many inserted and deleted UTF-16 units
     * @param maxBytes how many bytes in the store
     * @throws IllegalArgumentException if one is not positive
     */
    public Builder outboxLimits(long maxChanges, long maxBytes) {
      outboxLimits = new OutboxLimits(maxChanges, maxBytes);
      return this;
    }

    /**
     * Sets how long closing waits for the store. 5 s by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder closeWithin(Duration bound) {
      closeWithin = requirePositive("closeWithin", bound);
      return this;
    }

    /** Sets how long nothing of what a text lacks may come, for tests that take less time. */
    Builder answerWithin(Duration bound) {
      answerWithin = bound;
      return this;
    }

    /** Sets the network alone, for tests of it. */
    Builder links(Links network) {
      links = network;
      return this;
    }

    /** Sets everything that comes from outside, for a simulation. */
    Builder environment(Environment simulated) {
      environment = simulated;
      return this;
    }

    /**
     * Builds the client, which begins to connect.
     *
     * @throws IllegalStateException if there is no store
     */
    public WeftClient build() {
      if (store == null) {
        throw new IllegalStateException("a client needs a store: call store(...) before build()");
      }
      if (environment != null) {
        return new WeftClient(this, store, environment, () -> {});
      }
      return withThreads(store);
    }

    private WeftClient withThreads(WorkspaceStore workspace) {
      Loop loop = new ThreadLoop("weft-client");
      ExecutorService disk =
          Executors.newSingleThreadExecutor(DaemonThreads.named("weft-client-disk"));
      ExecutorService housekeeping =
          Executors.newSingleThreadExecutor(DaemonThreads.named("weft-client-housekeeping"));
      ExecutorService own =
          Executors.newSingleThreadExecutor(DaemonThreads.named("weft-client-listeners"));
      ExecutorService tokens =
          Executors.newSingleThreadExecutor(DaemonThreads.named("weft-client-tokens"));
      Links network = links == null ? new JettyLinks(transport, staleAfter) : links;
      Environment real =
          new Environment(
              loop,
              disk,
              housekeeping,
              listenerExecutor == null ? own : listenerExecutor,
              ForkJoinPool.commonPool(),
              tokens,
              ticker,
              InstantSource.system(),
              random == null ? new SecureRandom() : random,
              network);
      return new WeftClient(
          this,
          workspace,
          real,
          () -> {
            network.close();
            loop.close();
            housekeeping.shutdown();
            disk.shutdown();
            tokens.shutdownNow();
            own.shutdown();
          });
    }

    private static Duration requirePositive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " must be positive, " + name + "=" + value);
      }
      return value;
    }
  }
}
