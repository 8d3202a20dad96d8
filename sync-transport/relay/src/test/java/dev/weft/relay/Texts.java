package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is typed where only its length, or the number of those who type, is of interest. */
final class Texts {
  private static final long FIRST_REPLICA = 1_000;

  private Texts() {}

  /** Returns an update in which so many replicas have each typed one character. */
  static Payload ofReplicas(int count) {
    return ofReplicas(0, count);
  }

  /** Returns an update in which some of these replicas, counted from 0, have each typed one. */
  static Payload ofReplicas(int from, int to) {
    List<Change> changes = new ArrayList<>();
    for (int i = from; i < to; i++) {
      TextDocument text = TextDocument.create(new ReplicaId(FIRST_REPLICA + i));
      text.insert(0, "x");
      try {
        changes.addAll(Change.parse(text.changesSince(VersionVector.EMPTY)));
      } catch (MalformedUpdateException e) {
        throw new AssertionError("a text wrote what cannot be read", e);
      }
    }
    return Payload.of(Change.combine(changes));
  }

  /** Returns text that does not become smaller on the way. */
  static String noise(int units) {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder(units);
    for (int i = 0; i < units; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}
