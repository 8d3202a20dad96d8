package dev.weft.relay;

import dev.weft.crdt.ReplicaId;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a relay does, apart from sockets and threads: connections come in as {@link Outlet}s,
 * documents are opened for them, and everything is written behind to a store. Time, chance and
 * threads come from a {@link RelayEnvironment}. Thread-safe.
 */
final class RelayHub {
  static final String AGENT = "weft-relay/" + version();

  /** When whoever was not let open a document is to try again. */
  private static final int OPEN_AGAIN_MILLIS = 5_000;

  /** How many questions may wait for the store, beside the documents that do. */
  static final int MAX_LOOKUPS = 256;

  private final ChangeStore store;
  private final FanOut fanOut;
  private final Supplier<Guarantee> guarantee;
  private final Authenticator authenticator;
  private final RelayEnvironment environment;
  private final RelayTimes times;
  private final RelayBounds bounds;
  private final RelayMetrics metrics;
  private final RefusalLog refusals;
  private final Load load;
  private final StoreHealth storeHealth;
  private final WriteBehind writeBehind;
  private final ReaderBudget readerBudget;
  private final ReaderBudget pollBudget;
  private final LeftBehind leftBehind;
  private final UnfinishedFrames unfinished;
  private final ProtocolVersions versions;
  private final Admissions admissions;
  private final AtomicInteger lookups = new AtomicInteger();

  // Guarded by this.
  private final Map<DocumentId, OpenDocument> documents = new HashMap<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final Set<EventStream> streams = new LinkedHashSet<>();
  private int visits;
  private final CompletableFuture<Void> allGone = new CompletableFuture<>();
  private boolean leaving;
  private boolean draining;

  /** Creates the hub of a relay that is alone, with a store on one disk. */
  RelayHub(
      ChangeStore store,
      Authenticator authenticator,
      RelayEnvironment environment,
      RelayTimes times,
      RelayBounds bounds) {
    this(
        store,
        FanOut.none(),
        () -> Guarantee.FSYNCED,
        authenticator,
        ProtocolVersions.ALL,
        environment,
        times,
        bounds);
  }

  /**
   * Creates a hub.
   *
   * @param fanOut leads to the other relays that share the store
   * @param guarantee tells how safe it is what the store has flushed
   * @param authenticator says who clients are
   * @param versions what the relay speaks, newest first
   */
  RelayHub(
      ChangeStore store,
      FanOut fanOut,
      Supplier<Guarantee> guarantee,
      Authenticator authenticator,
      List<ProtocolVersion> versions,
      RelayEnvironment environment,
      RelayTimes times,
      RelayBounds bounds) {
    this.store = store;
    this.fanOut = fanOut;
    this.guarantee = guarantee;
    this.authenticator = authenticator;
    this.environment = environment;
    this.times = times;
    this.bounds = bounds;
    this.readerBudget = new ReaderBudget(bounds.readerBytes());
    this.pollBudget = new ReaderBudget(bounds.pollHeldBytes());
    this.leftBehind = new LeftBehind(bounds.leftBytes());
    this.unfinished = new UnfinishedFrames(bounds.unfinishedBytes());
    this.versions = new ProtocolVersions(versions);
    this.metrics = new RelayMetrics(environment.meters());
    this.refusals = new RefusalLog(metrics, environment.ticker());
    this.load = new Load(environment.ticker(), bounds.load(), metrics);
    this.storeHealth =
        new StoreHealth(
            environment.timer(),
            environment.ticker(),
            times.storeSlow(),
            times.storeRetry(),
            metrics,
            this::tellAll);
    this.writeBehind = new WriteBehind(store, environment.storeWrites(), storeHealth);
    new RelayGauges(this).register(metrics);
    this.admissions = new Admissions(this);
  }

  private static String version() {
    String version = RelayHub.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  RelayTimes times() {
    return times;
  }

  RelayBounds bounds() {
    return bounds;
  }

  ChangeStore store() {
    return store;
  }

  FanOut fanOut() {
    return fanOut;
  }

  Supplier<Guarantee> guarantee() {
    return guarantee;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  RelayMetrics metrics() {
    return metrics;
  }

  RefusalLog refusals() {
    return refusals;
  }

  Load load() {
    return load;
  }

  StoreHealth storeHealth() {
    return storeHealth;
  }

  WriteBehind writeBehind() {
    return writeBehind;
  }

  ReaderBudget readerBudget() {
    return readerBudget;
  }

  ReaderBudget pollBudget() {
    return pollBudget;
  }

  LeftBehind leftBehind() {
    return leftBehind;
  }

  UnfinishedFrames unfinished() {
    return unfinished;
  }

  ProtocolVersions versions() {
    return versions;
  }

  Admissions admissions() {
    return admissions;
  }

  Executor workers() {
    return environment.workers();
  }

  Executor storeReads() {
    return environment.storeReads();
  }

  LongSupplier ticker() {
    return environment.ticker();
  }

  Timer timer() {
    return environment.timer();
  }

  long now() {
    return environment.ticker().getAsLong();
  }

  Timer.Scheduled after(Duration delay, Runnable task) {
    return environment.timer().schedule(delay.toNanos(), task);
  }

  /** Returns a replica id that nobody writes under. */
  synchronized ReplicaId newReplica() {
    return ReplicaId.random(environment.random());
  }

  // --- Connections ---

  /** Returns whether the relay is about to stop, though it may still take connections. */
  synchronized boolean isLeaving() {
    return leaving;
  }

  /** Returns how many connections there are, visits included. */
  synchronized int connections() {
    return sessions.size() + visits;
  }

  /** Returns why one more connection is not taken, and counts it; null if it is. */
  synchronized @Nullable Refusal unwelcome() {
    if (draining) {
      return Refusals.draining();
    }
    if (connections() < bounds.connections()) {
      return null;
    }
    metrics.shed(RelayMetrics.Shed.CONNECTION);
    return Refusal.forNow(Codes.OVERLOADED, "The relay takes no more connections.", 1_000);
  }

  /** Returns a session for a connection, whose first act is {@link Session#start}. */
  synchronized Session connect(Outlet outlet, Entrance entrance) {
    Session session =
        new Session(
            this,
            outlet,
            entrance,
            HexFormat.of().toHexDigits(environment.random().nextLong()),
            unwelcome());
    sessions.add(session);
    versions.connected(entrance.version());
    return session;
  }

  /** A connection is gone. */
  void gone(Session session) {
    boolean last;
    versions.gone(session.entrance().version());
    synchronized (this) {
      sessions.remove(session);
      last = draining && sessions.isEmpty();
    }
    if (last) {
      allGone.complete(null);
    }
  }

  private void tellAll(RelayMessage.StoreState state) {
    List<Session> open;
    synchronized (this) {
      open = new ArrayList<>(sessions);
    }
    open.forEach(session -> session.tell(state));
  }

  /** Returns how many bytes wait to be sent on all connections. O(connections). */
  long outboundBytes() {
    List<Session> open;
    synchronized (this) {
      open = new ArrayList<>(sessions);
    }
    return open.stream().mapToLong(session -> session.queue().waitingBytes()).sum();
  }

  /** Returns how many documents are open. */
  synchronized int openDocuments() {
    return documents.size();
  }

  /** Counts in, as a connection, one who only reads; returns why it is not taken, or null. */
  synchronized @Nullable Refusal admitVisit() {
    Refusal refusal = unwelcome();
    if (refusal == null) {
      visits++;
    }
    return refusal;
  }

  /** Counts out one who was counted in. */
  synchronized void endVisit() {
    visits--;
  }

  /**
   * Takes note of a stream of events, which ends when the relay drains.
   *
   * @throws RefusedException if it does already
   */
  synchronized void begin(EventStream stream) throws RefusedException {
    if (draining) {
      throw new RefusedException(Refusals.draining());
    }
    streams.add(stream);
  }

  /** Forgets a stream that has ended. */
  synchronized void end(EventStream stream) {
    streams.remove(stream);
  }

  private synchronized List<EventStream> streams() {
    return new ArrayList<>(streams);
  }

  // --- Documents ---

  /**
   * Returns a document for one more channel, loading it if it is not open.
   *
   * @throws RefusedException if the relay is about to stop, or too many documents are in use
   */
  OpenDocument enter(DocumentId id) throws RefusedException {
    OpenDocument document;
    OpenDocument gone = null;
    synchronized (this) {
      if (draining) {
        throw new RefusedException(Refusals.draining());
      }
      document = documents.get(id);
      if (document != null) {
        document.references++;
        return document;
      }
      if (load.shedsOpenings()) {
        throw new RefusedException(
            Refusal.forNow(
                Codes.OVERLOADED,
                "The relay has too much to do to open another document now.",
                OPEN_AGAIN_MILLIS));
      }
      if (documents.size() >= bounds.documents() || load.isMemoryFull()) {
        gone = longestUnused();
      }
      if (gone != null) {
        documents.remove(gone.id());
      } else if (documents.size() >= bounds.documents() || load.isMemoryFull()) {
        metrics.shed(RelayMetrics.Shed.OPENING);
        throw new RefusedException(
            Refusal.forNow(
                Codes.OVERLOADED,
                "The relay has " + documents.size() + " documents open and takes no more.",
                OPEN_AGAIN_MILLIS));
      }
      document = new OpenDocument(this, id);
      document.references = 1;
      documents.put(id, document);
    }
    if (gone != null) {
      gone.madeWay();
    }
    environment.storeReads().execute(document::load);
    return document;
  }

  /**
   * Returns the document that is kept only because somebody may come again; null if all are used.
   */
  private @Nullable OpenDocument longestUnused() {
    long now = now();
    return documents.values().stream()
        .filter(each -> each.references == 0 && each.isSettled())
        .max(Comparator.comparingLong(each -> now - each.unusedSinceNanos))
        .orElse(null);
  }

  /**
   * Runs what asks the store, beside the loading of documents; returns false, and does not, if too
   * much of that waits.
   */
  boolean lookUp(Runnable question) {
    if (lookups.incrementAndGet() > MAX_LOOKUPS) {
      lookups.decrementAndGet();
      return false;
    }
    environment
        .storeReads()
        .execute(
            () -> {
              lookups.decrementAndGet();
              question.run();
            });
    return true;
  }

  /** Returns a document that is open; null if it is not. */
  synchronized @Nullable OpenDocument openDocument(DocumentId id) {
    return documents.get(id);
  }

  /** Counts a channel out; returns whether it was the last. */
  synchronized boolean leave(OpenDocument document) {
    document.references--;
    document.unusedSinceNanos = now();
    return document.references == 0;
  }

  /** Lets a document go if no channel has come to it; returns whether it is gone. */
  synchronized boolean evict(OpenDocument document) {
    return document.references == 0 && documents.remove(document.id(), document);
  }

  /** Lets a document go that is of no use any more. */
  synchronized void discard(OpenDocument document) {
    documents.remove(document.id(), document);
  }

  // --- The end ---

  /** Says from now on that it is about to stop, to who asks whether it is ready. */
  synchronized void leave() {
    leaving = true;
  }

  /** Takes nothing new from now on. */
  synchronized void stopTaking() {
    leaving = true;
    draining = true;
  }

  /**
   * Stops in good order: takes nothing new, tells all clients, writes everything, tells them that
   * it is durable, and closes the connections, all within {@code deadline}. Called once.
   *
   * @return completes, on any thread, when the last connection is gone or the time is over
   */
  CompletableFuture<Void> drain(Duration deadline, RelayMessage.Drain announcement) {
    List<Session> open;
    synchronized (this) {
      stopTaking();
      open = new ArrayList<>(sessions);
    }
    if (open.isEmpty()) {
      allGone.complete(null);
    }
    // Their readers come again by themselves, and find another relay or this one.
    streams().forEach(EventStream::end);
    open.forEach(session -> session.announceDrain(announcement));
    CompletableFuture<Void> done =
        allDurable()
            .thenRun(() -> open.forEach(Session::stopReading))
            // What had come in meanwhile.
            .thenCompose(nothing -> allDurable())
            .thenRun(() -> open.forEach(Session::goAway))
            .thenCompose(nothing -> allGone);
    // The clients of a store that fails, or who do not read, are not told all, but they are let go.
    after(deadline.multipliedBy(3).dividedBy(4), () -> open.forEach(Session::goAway));
    after(
        deadline,
        () -> {
          open.forEach(Session::abort);
          done.complete(null);
        });
    return done;
  }

  private CompletableFuture<Void> allDurable() {
    List<OpenDocument> open;
    synchronized (this) {
      open = new ArrayList<>(documents.values());
    }
    List<CompletableFuture<Void>> each = new ArrayList<>(open.size());
    for (OpenDocument document : open) {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      document.whenDurable(() -> durable.complete(null));
      each.add(durable);
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new));
  }

  /** Cuts all connections. */
  void abort() {
    List<Session> open;
    synchronized (this) {
      open = new ArrayList<>(sessions);
    }
    open.forEach(Session::abort);
    streams().forEach(EventStream::end);
  }
}
