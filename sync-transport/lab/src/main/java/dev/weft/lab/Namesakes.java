package dev.weft.lab;

import dev.weft.crdt.EventId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which events there may be two of under one name, since a whole machine was put back to an earlier
 * state and wrote on. Who has read one of the two cannot be in step with who has the other, and is
 * refused like the machine itself. Confined to the simulation's thread.
 */
final class Namesakes {
  private final Map<DocumentId, Set<EventId>> firsts = new HashMap<>();

  /** There may be two of each event of a replica, from {@code first} on. */
  void add(DocumentId document, EventId first) {
    firsts.computeIfAbsent(document, any -> new HashSet<>()).add(first);
  }

  /** Returns whether one of them is in a version. */
  boolean areIn(DocumentId document, VersionVector version) {
    return firsts.getOrDefault(document, Set.of()).stream().anyMatch(version::includes);
  }
}
