package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update on its way out in messages of a bounded size, each a complete update of its own, in
 * causal order. Usually there is one. A part is cut when it is asked for, so that what waits is
 * held once. Confined to one thread.
 */
final class UpdateParts {
  private final LocalCopy.Changes changes;
  private final int maxBytes;
  private @Nullable List<Change> rest;
  private boolean done;

  /**
   * Creates the parts of {@code changes}.
   *
   * @param maxBytes the most bytes that a part may have
   */
  UpdateParts(LocalCopy.Changes changes, int maxBytes) {
    this.changes = changes;
    this.maxBytes = maxBytes;
  }

  /** Returns whether every part has been taken. */
  boolean isDone() {
    return done;
  }

  /**
   * Returns the next part, or null if the next change alone is larger than a part may be: nothing
   * behind it can be sent either, since it may depend on it. O(bytes) for all parts.
   */
  @Nullable Part next() {
    if (rest == null) {
      if (changes.update().size() <= maxBytes) {
        done = true;
        return new Part(changes.update(), changes.version());
      }
      rest = parse(changes.update().bytes());
    }
    // Together, changes take no more than one by one: in an update each is at most as long as
    // alone.
    int count = 0;
    int bytes = 0;
    while (count < rest.size() && bytes + rest.get(count).sizeInBytes() <= maxBytes) {
      bytes += rest.get(count).sizeInBytes();
      count++;
    }
    if (count == 0) {
      return null;
    }
    byte[] update = Change.combine(rest.subList(0, count));
    VersionVector.Builder version = new VersionVector.Builder();
    for (Change change : rest.subList(0, count)) {
      version.advance(change.replica(), change.end());
    }
    rest = rest.subList(count, rest.size());
    done = rest.isEmpty();
    return new Part(Payload.of(update), version.build());
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the text wrote an update that cannot be read", e);
    }
  }

  /**
   * A part of an update.
   *
   * @param update the changes
   * @param version what whoever had the parts before has after this one, at least of its replicas
   */
  record Part(Payload update, VersionVector version) {}
}
