package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.store.PendingSave;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One save: what it covers, how safe that is to be, and who waits for it. It may stand for several
 * that were asked for, and does then what any of them was to do. Confined to the loop.
 */
final class Save {
  private final String id;

  /** On how many machines those that it stands for are to be safe. */
  private final NavigableSet<Integer> copies = new TreeSet<>();

  private final Set<Caller> callers = new LinkedHashSet<>();

  /** Those that it stands for and that may be in the store still. */
  private final Set<String> replaced = new LinkedHashSet<>();

  /** Under which ids listeners were told that it is pending: under each they hear how it ends. */
  private final Set<String> announced = new LinkedHashSet<>();

  private VersionVector version;
  private State state = State.NEW;
  private boolean sent;
  private boolean modest;

  Save(String id, VersionVector version, int copies) {
    this.id = id;
    this.version = version;
    this.copies.add(copies);
  }

  /** Returns a save that an earlier run left in the store, and may have sent. */
  static Save resumed(PendingSave pending) {
    Save save = new Save(pending.saveId(), pending.version(), pending.copies());
    save.state = State.STORED;
    save.sent = true;
    return save;
  }

  /** What the store has of a save. */
  private enum State {
    /** Nothing. */
    NEW,
    /** It is being written. */
    STORING,
    /**
     * All of it, or it could not take it and is owed it: a device that cannot store must not keep
     * the relay from it, whose disk is what the receipt vouches for.
     */
    STORED,
    /** What it was before it came to stand for more. */
    OUTDATED
  }

  String id() {
    return id;
  }

  VersionVector version() {
    return version;
  }

  /** Returns on how many machines it must be safe: the most that anybody asked for. */
  int copies() {
    return copies.last();
  }

  /** Returns whether it was split off from one that was refused: nobody is to join it. */
  boolean isModest() {
    return modest;
  }

  // --- Who waits ---

  /** Listeners are told that it is pending. */
  void announce() {
    announced.add(id);
  }

  /** Returns the ids of the saves of which listeners are to be told what this one comes to. */
  Set<String> announced() {
    return announced;
  }

  void add(Caller caller) {
    callers.add(caller);
  }

  /** The caller waits no more. What it asked for is done nevertheless. */
  void remove(Caller caller) {
    callers.remove(caller);
  }

  /** Looks at each who waits. */
  void forEachCaller(Consumer<Caller> consumer) {
    callers.forEach(consumer);
  }

  /** Takes out who waits, for all of them are told now. */
  List<Caller> takeCallers() {
    List<Caller> taken = List.copyOf(callers);
    callers.clear();
    return taken;
  }

  // --- The relay ---

  /** The relay may have heard of it, from now on. */
  void sent() {
    sent = true;
  }

  /**
   * Makes one of two: the one of which the relay never heard stands for the other, for there an id
   * names one version. Where it has heard of both, the newer does.
   */
  static Save join(Save older, Save newer) {
    Save joined = older.sent ? newer : older;
    joined.standFor(joined == newer ? older : newer);
    return joined;
  }

  /**
   * Takes the callers of another, and covers what it does, as safely: a receipt for this one is one
   * for the other, which the store forgets only when it has this one anew.
   */
  private void standFor(Save other) {
    callers.addAll(other.callers);
    announced.addAll(other.announced);
    replaced.addAll(other.storedIds());
    version = version.merge(other.version);
    copies.addAll(other.copies);
    if (state != State.NEW) {
      state = State.OUTDATED;
    }
  }

  /**
   * Takes out, into a save of their own, those that asked for less than this one does; returns null
   * if none did. Nobody is to go without for what somebody else has asked.
   */
  @Nullable Save splitModest(String modestId) {
    Integer less = copies.lower(copies());
    if (less == null) {
      return null;
    }
    Save split = new Save(modestId, version, less);
    split.modest = true;
    split.copies.addAll(copies.headSet(less));
    split.replaced.addAll(storedIds());
    for (Caller caller : List.copyOf(callers)) {
      if (caller.copies <= less) {
        split.callers.add(caller);
        callers.remove(caller);
      }
    }
    return split;
  }

  // --- The store ---

  /** Returns it as the store keeps it. */
  PendingSave pending() {
    return new PendingSave(id, version, copies());
  }

  /** Returns the ids under which the store may have it, or what it stands for. */
  Set<String> storedIds() {
    Set<String> ids = new LinkedHashSet<>(replaced);
    if (state != State.NEW) {
      ids.add(id);
    }
    return ids;
  }

  /** Returns whether the store is to be given it, as it is now. */
  boolean isUnstored() {
    return state == State.NEW || state == State.OUTDATED;
  }

  boolean isStored() {
    return state == State.STORED;
  }

  /** It is being written, as it is now. */
  void storing() {
    state = State.STORING;
  }

  /** Writing it is over. Has it come to stand for more meanwhile, it is to be written again. */
  void written() {
    if (state == State.STORING) {
      state = State.STORED;
    }
  }

  /** Returns those that it stands for and that may be in the store still. */
  Set<String> replaced() {
    return Set.copyOf(replaced);
  }

  /** The store has this one instead of those. */
  void replaces(Set<String> forgotten) {
    replaced.removeAll(forgotten);
  }

  /** Somebody who waits for a receipt. Equal to nobody else. */
  static final class Caller {
    private final CompletableFuture<SaveReceipt> future;
    private final int copies;
    private final long askedNanos;
    private Loop.@Nullable Timer deadline;

    Caller(CompletableFuture<SaveReceipt> future, int copies, long askedNanos) {
      this.future = future;
      this.copies = copies;
      this.askedNanos = askedNanos;
    }

    /** Returns when it began to wait. */
    long askedNanos() {
      return askedNanos;
    }

    CompletableFuture<SaveReceipt> future() {
      return future;
    }

    /** Waits no longer than until the timer's time has come. */
    void waitUntil(Loop.Timer timer) {
      deadline = timer;
    }

    /** Waits no more: it is told. */
    void cancelDeadline() {
      if (deadline != null) {
        deadline.cancel();
      }
    }
  }
}
