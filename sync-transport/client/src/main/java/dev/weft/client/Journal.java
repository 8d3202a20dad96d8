package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import dev.weft.store.WorkspaceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a text's changes, whoever made them, into this device's store: all that has come up within
 * a window in one append, and at once where something waits for it. Confined to the loop; what it
 * does on the disk executor, it does in order, one task at a time.
 *
 * <p>What is to be written is found when the disk is ready for it: all that the text has and the
 * store lacks. So nothing queues up here while a disk is slow, and a failed append loses nothing:
 * it is tried again, with growing pauses, from the same place.
 */
final class Journal {
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** For how many windows without an edit the text is looked at. */
  private static final int IDLE_WINDOWS = 20;

  /** The shortest window in which looking at the text costs less than being told. */
  private static final Duration SHORTEST_WATCH = Duration.ofMillis(5);

  /** How far a text must have gone beyond its snapshot for one to be made when it is closed. */
  private static final long SNAPSHOT_AFTER_EVENTS = 2_000;

  private final DocumentId document;
  private final LocalCopy copy;
  private final WorkspaceStore store;
  private final Environment environment;
  private final long windowNanos;
  private final Housekeeping housekeeping;
  private final Runnable changed;
  private final Backoff retries;

  private List<Request> requests = new ArrayList<>();
  private VersionVector stored;
  private VersionVector flushed;
  private VersionVector relayDurable = VersionVector.EMPTY;
  private final Map<String, Runnable> owed = new LinkedHashMap<>();
  private long notes;
  private boolean settling;
  private Loop.@Nullable Timer settleTimer;
  private boolean retired;
  private boolean writing;
  private boolean watching;
  private int idleWindows;
  private boolean dirty;
  private @Nullable StoreException failure;
  private @Nullable StoreException noteFailure;
  private @Nullable StoreDamagedException damage;
  private Loop.@Nullable Timer window;

  /**
   * Creates a journal of a text just loaded.
   *
   * @param window how long changes are gathered
   * @param changed is told when what is stored, what is noted of the relay, or whether either can
   *     be, has changed
   */
  Journal(
      StoredText text, LocalCopy copy, Environment environment, Duration window, Runnable changed) {
    this.document = text.document();
    this.copy = copy;
    this.store = text.store();
    this.environment = environment;
    this.windowNanos = Loop.nanosOf(window);
    this.stored = text.version();
    this.flushed = text.version();
    this.housekeeping = new Housekeeping(text, environment, this::cannotTidy);
    this.changed = changed;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
  }

  /** Returns what the store has of the text: it survives the end of this process. */
  VersionVector stored() {
    return stored;
  }

  /** Returns what survives a crash of this machine. */
  VersionVector flushed() {
    return flushed;
  }

  /** Returns why the store cannot be written, or what is wrong with it; null if all is well. */
  @Nullable StoreException problem() {
    StoreException failing = failure != null ? failure : noteFailure;
    return failing != null ? failing : damage;
  }

  /** Returns how many notes were made so far, such as of what the relay holds. */
  long notes() {
    return notes;
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }

  /** The text has changed: it is stored within the window. */
  void textChanged() {
    dirty = true;
    if (window == null && !writing) {
      // Drawn only for a pause that is taken: each draw makes the next one longer.
      scheduleWrite(failure != null ? retries.nextDelayNanos() : windowNanos);
    }
  }

  /**
   * The text has changed, and only to be stored: looks at it every window from now on, until nobody
   * has edited for a while. So of all keystrokes of somebody who types, the first alone wakes a
   * thread.
   */
  void textChangedAlone() {
    if (windowNanos >= SHORTEST_WATCH.toNanos() && failure == null && !watching) {
      watching = true;
      copy.watch();
    }
    textChanged();
  }

  /** What is edited is to be announced, since it is to be sent too. */
  void stopWatching() {
    if (watching) {
      watching = false;
      copy.unwatch();
    }
  }

  private void lookAgain() {
    window = null;
    if (!watching || !copy.version().equals(stored)) {
      idleWindows = 0;
      startWriting();
    } else if (++idleWindows < IDLE_WINDOWS || !copy.unwatchIfIdle(stored)) {
      window = environment.loop().schedule(windowNanos, this::lookAgain);
    } else {
      watching = false;
      idleWindows = 0;
    }
  }

  /**
   * Stores all that the text has now, at once.
   *
   * @param durability what the append must survive
   * @param step is run on the disk executor after it
   * @param done is told on the loop: null if all was done, else why not
   */
  void write(
      Durability durability,
      Consumer<WorkspaceStore> step,
      Consumer<@Nullable StoreException> done) {
    requests.add(new Request(durability, step, done));
    startWriting();
  }

  /**
   * Stores the text for the last time and gives its replica id back.
   *
   * @param done is told on the loop: null if all was done, else why not
   */
  void close(Consumer<@Nullable StoreException> done) {
    VersionVector before = housekeeping.snapshotVersion();
    List<Runnable> left = List.copyOf(owed.values());
    boolean forGood = retired;
    write(
        Durability.FSYNCED,
        open -> {
          left.forEach(Runnable::run);
          LocalCopy.Changes snapshot = copy.snapshotIfBeyond(before, SNAPSHOT_AFTER_EVENTS);
          if (snapshot != null) {
            keepSnapshot(open, snapshot);
          }
          if (forGood) {
            open.retireReplicaId(document, copy.replica());
          } else {
            open.releaseReplicaId(document, copy.replica(), copy.ownNext());
          }
        },
        done);
  }

  private void keepSnapshot(WorkspaceStore open, LocalCopy.Changes snapshot) {
    try {
      open.putSnapshot(document, snapshot.version(), snapshot.update().bytes());
    } catch (StoreException e) {
      // All is in the log. Opening takes longer, and tries again; nothing else is lost with it.
    }
  }

  /** Notes in the store what the relay holds durably; only the latest of many is written. */
  void relayHoldsDurably(VersionVector version) {
    relayDurable = relayDurable.merge(version);
    // The store has what the relay has of ours, but perhaps not yet what others wrote: a watermark
    // may name what is still on its way here.
    VersionVector noted = relayDurable;
    owe("watermark", () -> store.advanceRelayDurable(document, noted));
  }

  /**
   * Stores a pending save with all that it covers: at once or, where that fails, when it can be.
   *
   * @param tried is told on the loop: null if it is stored, else why not yet
   */
  void storeSave(PendingSave save, Consumer<@Nullable StoreException> tried) {
    String note = saveNote(save.saveId());
    // What it was before must not be put in the place of what it is now.
    owed.remove(note);
    write(
        Durability.WRITTEN,
        open -> open.putPendingSave(document, save),
        failure -> {
          if (failure != null) {
            owe(note, () -> store.putPendingSave(document, save));
          }
          tried.accept(failure);
        });
  }

  /** Returns whether the store is still to be given, or to forget, a pending save. */
  boolean owesSave(String saveId) {
    return owed.containsKey(saveNote(saveId));
  }

  /** Forgets a pending save in the store, or that it was to be stored. */
  void forgetSave(String saveId) {
    owe(saveNote(saveId), () -> store.removePendingSave(document, saveId));
  }

  private static String saveNote(String saveId) {
    return "save " + saveId;
  }

  /** Forgets a dead letter in the store. */
  void forgetDeadLetter(long number) {
    owe("letter " + number, () -> store.removeDeadLetter(document, number));
  }

  /** Has the text written under another id when it is opened next: this one has two writers. */
  void retireReplicaId() {
    retired = true;
    owe("replica id", () -> store.retireReplicaId(document, copy.replica()));
  }

  /** Does something with the store that must be done once, however long it fails before. */
  private void owe(String what, Runnable work) {
    owed.put(what, work);
    if (!settling && settleTimer == null) {
      settle();
    }
  }

  private void settle() {
    settling = true;
    Map<String, Runnable> round = new LinkedHashMap<>(owed);
    environment
        .disk()
        .execute(
            () -> {
              Set<String> done = new HashSet<>();
              StoreException why = null;
              for (Map.Entry<String, Runnable> note : round.entrySet()) {
                StoreException failed = attempt(note.getValue());
                if (failed == null) {
                  done.add(note.getKey());
                } else {
                  why = failed;
                }
              }
              StoreException last = why;
              environment.loop().execute(() -> settled(round, done, last));
            });
  }

  private void settled(
      Map<String, Runnable> round, Set<String> done, @Nullable StoreException why) {
    settling = false;
    for (String what : done) {
      owed.remove(what, round.get(what));
    }
    noteFailure = why;
    notes += done.size();
    if (why != null) {
      settleTimer =
          environment
              .loop()
              .schedule(
                  retries.nextDelayNanos(),
                  () -> {
                    settleTimer = null;
                    settle();
                  });
    } else if (!owed.isEmpty()) {
      settle();
    }
    changed.run();
  }

  /** The store can be written again: what it owes need not wait for its pause to end. */
  private void settleNow() {
    if (settleTimer != null) {
      settleTimer.cancel();
      settleTimer = null;
      settle();
    }
  }

  private void cannotTidy(StoreException why) {
    if (why instanceof StoreDamagedException damaged) {
      damage = damaged;
      changed.run();
    }
    // Any other reason the next write meets too, and tells; tidying is tried again after it.
  }

  private void scheduleWrite(long delayNanos) {
    window =
        environment
            .loop()
            .schedule(
                delayNanos,
                () -> {
                  window = null;
                  startWriting();
                });
  }

  private void startWriting() {
    if (writing) {
      return;
    }
    if (window != null) {
      window.cancel();
      window = null;
    }
    writing = true;
    dirty = false;
    List<Request> batch = requests;
    requests = new ArrayList<>();
    VersionVector from = stored;
    environment.disk().execute(() -> writeOnDisk(from, batch));
  }

  private void writeOnDisk(VersionVector from, List<Request> batch) {
    Durability durability = Durability.WRITTEN;
    for (Request request : batch) {
      durability = max(durability, request.durability);
    }
    Written written = new Written(from);
    Durability asked = durability;
    StoreException failure =
        attempt(
            () -> {
              written.version = append(from, asked);
              for (Request request : batch) {
                request.step.accept(store);
              }
            });
    environment.loop().execute(() -> written(written.version, asked, batch, failure));
  }

  private VersionVector append(VersionVector from, Durability durability) {
    LocalCopy.Changes changes = copy.changesSince(from);
    if (changes == null && durability == Durability.WRITTEN) {
      return from;
    }
    List<Change> parsed = changes == null ? List.of() : parse(changes.update().bytes());
    return store.append(document, parsed, durability).merge(from);
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the text wrote an update that cannot be read", e);
    }
  }

  private void written(
      VersionVector version,
      Durability durability,
      List<Request> batch,
      @Nullable StoreException why) {
    writing = false;
    stored = stored.merge(version);
    if (why == null) {
      if (durability == Durability.FSYNCED) {
        flushed = flushed.merge(version);
      }
      retries.reset();
      housekeeping.wrote(stored);
      settleNow();
    } else {
      stopWatching();
      dirty = true;
    }
    setFailure(why);
    for (Request request : batch) {
      request.done.accept(why);
    }
    if (!requests.isEmpty()) {
      startWriting();
    } else if (dirty) {
      textChanged();
    } else if (watching && window == null) {
      window = environment.loop().schedule(windowNanos, this::lookAgain);
    }
    changed.run();
  }

  private void setFailure(@Nullable StoreException now) {
    if (failure != now) {
      failure = now;
      changed.run();
    }
  }

  /** Returns what went wrong, as a sentence about the store, or null. */
  private static @Nullable StoreException attempt(Runnable work) {
    try {
      work.run();
      return null;
    } catch (StoreException e) {
      return e;
    } catch (IllegalStateException e) {
      return new StoreException("the store was closed before the client: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // Whoever waits must hear of it, and the next attempt must be made, whatever a store throws.
      return new StoreException("the store failed: " + e.getMessage(), e);
    } catch (Error e) {
      // As above; and it is a defect, to be seen as one.
      DaemonThreads.report(e);
      return new StoreException("the store failed: " + e, e);
    }
  }

  private static Durability max(Durability a, Durability b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private record Request(
      Durability durability,
      Consumer<WorkspaceStore> step,
      Consumer<@Nullable StoreException> done) {}

  /** What an append reached, told also when a step after it failed. */
  private static final class Written {
    private VersionVector version;

    Written(VersionVector version) {
      this.version = version;
    }
  }
}
