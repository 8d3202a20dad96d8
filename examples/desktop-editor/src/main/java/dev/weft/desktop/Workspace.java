package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.client.TokenSource;
import dev.weft.client.WeftClient;
import dev.weft.crdt.ReplicaId;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/**
 * One person's documents on this device: a store, and a client that keeps those that are open in
 * step with a relay. Opening and closing wait for the disk and so are not for the event dispatch
 * thread; what is in between is thread-safe.
 */
final class Workspace implements AutoCloseable {
  private final Path directory;
  private final boolean kept;
  private final WorkspaceStore store;
  private final WeftClient client;
  private final @Nullable URI relay;
  private final SignedIn signedIn;
  private final LastOpened lastOpened;
  private final KnownNames knownNames;
  private final AtomicBoolean writingNames = new AtomicBoolean();
  private final PeopleHere people;
  private final Look keptLook;
  private volatile boolean offlineByChoice;
  private volatile boolean relayReached;

  /** The relay behind a network that can be broken; null where {@link #relay} is the relay's. */
  private volatile @Nullable URI relayBehind;

  /** Not a daemon: while it stores what was written, the process must not end. */
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "weft-editor-disk"));

  private Workspace(
      Path directory,
      boolean kept,
      WorkspaceStore store,
      WeftClient client,
      @Nullable URI relay,
      SignedIn signedIn) {
    this.directory = directory;
    this.kept = kept;
    this.store = store;
    this.client = client;
    this.relay = relay;
    this.signedIn = signedIn;
    lastOpened = new LastOpened(directory);
    knownNames = new KnownNames(directory);
    keptLook = Look.read(directory);
    people = new PeopleHere(OwnName.read(directory), this::heard);
  }

  /**
   * Opens a workspace.
   *
   * @param relay the relay's address; null to stay on this device
   * @param token gives the token for the relay; null for none
   * @param directory where the store is, or is to be
   * @param kept whether the directory outlives the process
   * @throws dev.weft.store.StoreException if the store cannot be opened or read
   * @throws IllegalArgumentException if {@code relay} is not a relay's address
   */
  static Workspace open(
      @Nullable URI relay, @Nullable TokenSource token, Path directory, boolean kept) {
    return open(
        relay, token, directory, kept, SqliteChangeStore.open(directory, new SecureRandom()));
  }

  /**
   * Opens a workspace of a demonstration, which does not outlive it.
   *
   * @param network where the network lets in that goes to the relay and can be broken
   * @param relay the relay's own address, by which people know it
   */
  static Workspace openThrough(URI network, URI relay, Path directory) {
    Workspace workspace = open(network, null, directory, false);
    workspace.relayBehind = relay;
    return workspace;
  }

  /** Opens a workspace in a store that is open already, and is closed with it. */
  static Workspace open(
      @Nullable URI relay,
      @Nullable TokenSource token,
      Path directory,
      boolean kept,
      WorkspaceStore store) {
    try {
      WeftClient.Builder builder =
          WeftClient.builder()
              .store(store)
              .listenerExecutor(SwingUtilities::invokeLater)
              .agent("weft-desktop");
      if (relay != null) {
        builder.relay(relay);
      }
      SignedIn signedIn = new SignedIn(token);
      builder.token(signedIn);
      Workspace workspace = new Workspace(directory, kept, store, builder.build(), relay, signedIn);
      workspace.lastOpened.read();
      workspace.knownNames.read();
      return workspace;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Opens a document of the workspace, or creates it.
   *
   * @throws dev.weft.store.StoreException if the store cannot be read
   * @throws IllegalStateException if it is open already
   */
  SharedText open(DocumentId document) {
    SharedText text = client.open(document);
    try {
      lastOpened.opened(document);
    } catch (IOException e) {
      // The document is open: that the list of the last ones lacks it is no reason to refuse it.
      report(e);
    }
    return text;
  }

  private static void report(IOException e) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
  }

  /** Remembers what others call themselves, for when they have left. */
  private void heard(Map<ReplicaId, String> names) {
    if (knownNames.heard(names) && writingNames.compareAndSet(false, true)) {
      // However often somebody takes another name, one writing waits at most; none once all is
      // closed.
      CompletableFuture<?> unused =
          onDisk(
              () -> {
                writingNames.set(false);
                writeNames();
                return true;
              });
    }
  }

  private void writeNames() {
    try {
      knownNames.write();
    } catch (IOException e) {
      report(e);
    }
  }

  /** As {@link #open}, without waiting. */
  CompletableFuture<SharedText> openSoon(DocumentId document) {
    return onDisk(() -> open(document));
  }

  /** Closes one document as {@link SharedText#close} does, without waiting. */
  CompletableFuture<?> closeSoon(SharedText text) {
    return onDisk(
        () -> {
          text.close();
          return true;
        });
  }

  /** Does what waits for the disk, without waiting for it; fails once the workspace is closed. */
  <T> CompletableFuture<T> onDisk(Supplier<T> task) {
    try {
      return CompletableFuture.supplyAsync(task, disk);
    } catch (RejectedExecutionException e) {
      // A timer or a dialog of a window may come so late.
      return CompletableFuture.failedFuture(
          new IllegalStateException("all documents here are closed", e));
    }
  }

  /**
   * Returns which documents this device has.
   *
   * @throws dev.weft.store.StoreException if the store cannot be read
   */
  List<DocumentId> documents() {
    return store.documents();
  }

  /**
   * Returns under which ids this device has written a document or may.
   *
   * @throws dev.weft.store.StoreException if the store cannot be read
   */
  List<ReplicaId> ownReplicas(DocumentId document) {
    return store.ownReplicas(document);
  }

  /**
   * Returns what others whom this device has met called themselves, by the ids under which they
   * said to write. Waits for nothing.
   */
  Map<ReplicaId, String> knownNames() {
    return knownNames.names();
  }

  /** Returns which documents were opened last, the newest first. Waits for nothing. */
  List<DocumentId> lastOpened() {
    return lastOpened.documents();
  }

  WeftClient client() {
    return client;
  }

  /** Connects to the relay now, and whenever the connection is lost. Returns at once. */
  void connect() {
    offlineByChoice = false;
    client.reconnect();
  }

  /** Cuts the connection to the relay, until {@link #connect}. Returns at once. */
  void workOffline() {
    offlineByChoice = true;
    client.disconnect();
  }

  /** Connects anew, with a token that a person has entered. Returns at once. */
  void signIn(String token) {
    signedIn.token = token;
    offlineByChoice = false;
    // A connection that stands keeps the rights of the token that it was made with.
    client.disconnect();
    client.reconnect();
  }

  /** The token that a person has entered or, until then, the one that was given at the start. */
  private static final class SignedIn implements TokenSource {
    private final @Nullable TokenSource first;
    private volatile @Nullable String token;

    SignedIn(@Nullable TokenSource first) {
      this.first = first;
    }

    @Override
    public String token() throws Exception {
      String entered = token;
      if (entered != null) {
        return entered;
      }
      return first == null ? "" : first.token();
    }
  }

  /** Returns whether there is a relay at all. */
  boolean hasRelay() {
    return relay != null;
  }

  /** Returns whether the relay is to be connected to. */
  RelayUse relayUse() {
    if (relay == null) {
      return RelayUse.NONE;
    }
    return offlineByChoice ? RelayUse.NOT_NOW : RelayUse.WANTED;
  }

  /** Notes that the relay has answered. */
  void reachedRelay() {
    relayReached = true;
  }

  /** Returns whether the relay has answered since the workspace was opened. */
  boolean hasReachedRelay() {
    return relayReached;
  }

  /** Returns the address by which people know the relay; null if there is none. */
  @Nullable URI relay() {
    URI behind = relayBehind;
    return behind == null ? relay : behind;
  }

  /** Returns where the relay is, as a sentence for a person; empty if there is none. */
  String whereRelayIs() {
    if (relay == null) {
      return "";
    }
    URI behind = relayBehind;
    return behind == null
        ? "The relay is " + relay + "."
        : "The relay is " + behind + ", through the demonstration's network at " + relay + ".";
  }

  /** Returns whether the store outlives the process: in a demonstration it does not. */
  boolean isKept() {
    return kept;
  }

  /** Returns the people in the documents; for the event dispatch thread. */
  PeopleHere people() {
    return people;
  }

  /** Returns how texts were to be seen the last time. */
  Look keptLook() {
    return keptLook;
  }

  /** Returns where the store is. */
  Path directory() {
    return directory;
  }

  /**
   * Flushes all that is open to the store and closes everything.
   *
   * @throws dev.weft.store.StoreException if the store does not confirm; all is closed nevertheless
   */
  @Override
  public void close() {
    try (store) {
      client.close();
    } finally {
      disk.shutdown();
    }
  }

  /** As {@link #close}, without waiting. */
  CompletableFuture<?> closeSoon() {
    return CompletableFuture.runAsync(this::close, disk);
  }
}
