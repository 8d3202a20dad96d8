package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was found of one document, every part of it verified but for the ids and the claims. Not
 * thread-safe.
 *
 * <p>Changes from pages that are in no use are kept apart: they may have been discarded on purpose,
 * so they are taken only where a change in use builds on them. (Whoever discards a change discards
 * what builds on it too.)
 */
final class SalvagedDocument {
  private final Set<Change> inUse = new LinkedHashSet<>();
  private final Set<Change> unused = new LinkedHashSet<>();
  private final SortedMap<Long, DeadLetter> letters = new TreeMap<>();
  private final Map<String, PendingSave> saves = new LinkedHashMap<>();
  private final Set<ReplicaId> own = new TreeSet<>();
  private VersionVector watermark = VersionVector.EMPTY;
  private VersionVector claimed = VersionVector.EMPTY;

  void addChanges(List<Change> changes, boolean live) {
    (live ? inUse : unused).addAll(changes);
  }

  void addLetter(DeadLetter letter) {
    letters.put(letter.number(), letter);
    // Of a letter that a repair wrote, the log never had the changes.
    addChanges(letter.changes(), letter.holdsBack());
  }

  void addSave(PendingSave save) {
    saves.put(save.saveId(), save);
    claim(save.version());
  }

  void addOwn(ReplicaId replica) {
    own.add(replica);
  }

  void addWatermark(VersionVector durable) {
    watermark = watermark.merge(durable);
  }

  /** Notes that the store had what a version has, by its own word. */
  void claim(VersionVector version) {
    claimed = claimed.merge(version);
  }

  /** Returns whether nothing was found that a checksum confirms. */
  boolean isEmpty() {
    return inUse.isEmpty()
        && unused.isEmpty()
        && letters.isEmpty()
        && saves.isEmpty()
        && watermark.isEmpty();
  }

  List<DeadLetter> letters() {
    return List.copyOf(letters.values());
  }

  List<PendingSave> saves() {
    return List.copyOf(saves.values());
  }

  Set<ReplicaId> own() {
    return own;
  }

  /** Returns what the relay is known to hold, which may be more than was found. */
  VersionVector watermark() {
    return watermark;
  }

  /** Returns what the store says that it had. */
  VersionVector claimed() {
    return claimed;
  }

  /**
   * Returns the changes of which the log is made, in causal order, as far as it is closed; the
   * first that is not ready begins what is left over. O(changes log changes).
   */
  List<Change> ordered() {
    Set<Change> taken = new LinkedHashSet<>(inUse);
    taken.addAll(neededOfUnused());
    return CausalOrder.of(taken);
  }

  /** Returns what was found only in pages that are in no use, and is not needed. */
  List<Change> leftUnused(VersionVector log) {
    List<Change> left = new ArrayList<>();
    for (Change change : CausalOrder.of(unused)) {
      if (!change.isKnown(log)) {
        left.add(change);
      }
    }
    return left;
  }

  private Set<Change> neededOfUnused() {
    Map<ReplicaId, Long> needed = new HashMap<>();
    inUse.forEach(change -> need(change, needed));
    Set<Change> taken = new LinkedHashSet<>();
    boolean more = !unused.isEmpty();
    while (more) {
      more = false;
      for (Change change : unused) {
        if (change.start() < needed.getOrDefault(change.replica(), 0L) && taken.add(change)) {
          need(change, needed);
          more = true;
        }
      }
    }
    return taken;
  }

  private static void need(Change change, Map<ReplicaId, Long> needed) {
    needed.merge(change.replica(), change.start(), Math::max);
    for (EventId dependency : change.dependencies()) {
      needed.merge(dependency.replica(), dependency.sequence() + 1, Math::max);
    }
  }
}
