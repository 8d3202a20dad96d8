package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers "what am I missing", in parts of a bounded size. To a client that has nothing it gives
 * the newest snapshot at hand and then what has come since; to one that has something, the changes
 * that it lacks. Confined to the document's worker.
 *
 * <p>A long catch-up is cut once, and the parts are shared by all clients that ask for them: who
 * has taken one part asks for the next by the version that it then has.
 */
final class CatchUp {
  private final RelayedText text;
  private final int partBytes;
  private final int maxSnapshotBytes;
  private final int tailBytes;

  private @Nullable Snapshot snapshot;
  private List<Cut> cuts = List.of();

  /**
   * Creates the answers of one document.
   *
   * @param stored a snapshot that was stored, if there is one
   */
  CatchUp(RelayedText text, RelayBounds bounds, @Nullable Snapshot stored) {
    this.text = text;
    // The other half of a frame is for the vectors that stand beside it.
    this.maxSnapshotBytes = bounds.connection().maxFrameBytes() / 2;
    this.partBytes = Math.min(bounds.partBytes(), maxSnapshotBytes);
    this.tailBytes = bounds.snapshotTailBytes();
    this.snapshot = stored;
  }

  /** The document at a version. */
  record Snapshot(VersionVector version, Payload bytes) {}

  /**
   * A part of a catch-up.
   *
   * @param update what to apply; empty if nothing is lacking
   * @param after what a client has after it
   * @param complete whether that is all
   */
  record Part(Payload update, VersionVector after, boolean complete) {}

  private record Cut(VersionVector before, Payload update, VersionVector after) {}

  /**
   * Returns the next part for a client that has {@code since}. O(replicas + what is returned).
   *
   * @param opening whether Opened tells it, which alone may have a snapshot
   */
  Part next(VersionVector since, boolean opening) {
    VersionVector version = text.version();
    if (since.includes(version)) {
      return new Part(Payload.EMPTY, since, true);
    }
    if (opening && since.isEmpty()) {
      Snapshot newest = snapshot();
      if (newest.bytes().size() <= maxSnapshotBytes) {
        return part(newest.bytes(), newest.version());
      }
    }
    // A client on its way through the parts has what one of them began with.
    for (Cut cut : cuts) {
      if (cut.before.equals(since)) {
        return part(cut.update, cut.after);
      }
    }
    byte[] update = text.text().changesSince(since);
    if (update.length <= partBytes) {
      return part(Payload.of(update), since.merge(version));
    }
    cuts = cut(update, since);
    return part(cuts.get(0).update, cuts.get(0).after);
  }

  private Part part(Payload update, VersionVector after) {
    return new Part(update, after, after.includes(text.version()));
  }

  private List<Cut> cut(byte[] update, VersionVector since) {
    List<Cut> parts = new ArrayList<>();
    List<Change> group = new ArrayList<>();
    int bytes = 0;
    VersionVector before = since;
    for (Change change : pieces(update, since)) {
      if (!group.isEmpty() && bytes + change.sizeInBytes() > partBytes) {
        before = add(parts, before, group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(change);
      bytes += change.sizeInBytes();
    }
    add(parts, before, group);
    return parts;
  }

  /** Returns the changes of an update, none much longer than a part. */
  private List<Change> pieces(byte[] update, VersionVector since) {
    List<Change> pieces = new ArrayList<>();
    VersionVector.Builder before = since.intersect(text.version()).toBuilder();
    for (Change change : parse(update)) {
      if (change.sizeInBytes() <= partBytes) {
        pieces.add(change);
      } else {
        split(change, before.build(), pieces);
      }
      before.advance(change.replica(), change.end());
    }
    return pieces;
  }

  /**
   * A change is what somebody wrote on and on, however often it was sent meanwhile: it may be
   * longer than any frame.
   */
  private void split(Change change, VersionVector before, List<Change> pieces) {
    long middle = (change.start() + change.end()) / 2;
    List<Change> half = List.of();
    if (change.sizeInBytes() > partBytes && middle > change.start()) {
      VersionVector until = before.toBuilder().advance(change.replica(), middle).build();
      half = parse(text.text().diff(before, until));
    }
    // Of a surrogate pair there is no half.
    if (half.isEmpty() || half.get(0).end() >= change.end()) {
      pieces.add(change);
      return;
    }
    VersionVector between = before.toBuilder().advance(change.replica(), half.get(0).end()).build();
    split(half.get(0), before, pieces);
    split(change.since(between), between, pieces);
  }

  private static VersionVector add(List<Cut> parts, VersionVector before, List<Change> group) {
    VersionVector.Builder builder = before.toBuilder();
    for (Change change : group) {
      builder.advance(change.replica(), change.end());
    }
    VersionVector after = builder.build();
    parts.add(new Cut(before, Payload.of(Change.combine(group)), after));
    return after;
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the relay cannot read what it wrote", e);
    }
  }

  /**
   * Returns a snapshot that is not far behind: a new one if more has come since the last than it
   * saves.
   */
  private Snapshot snapshot() {
    Snapshot newest = snapshot;
    if (newest == null || isFarBehind(newest)) {
      newest = renew();
    }
    return newest;
  }

  private boolean isFarBehind(Snapshot from) {
    // Every event takes a byte or so in an update.
    long events = text.version().eventsSince(from.version);
    return events > Math.max(tailBytes, from.bytes.size() / 4) && isWorthwhile();
  }

  /**
   * Returns whether a new snapshot is, when changes of so many bytes have been stored behind the
   * last.
   */
  boolean isDue(long storedBehind) {
    int last = snapshot == null ? 0 : snapshot.bytes.size();
    return storedBehind > Math.max(tailBytes, last / 4) && isWorthwhile();
  }

  /**
   * Making one takes as long as the history is, however few bytes come of it: those of a document
   * take as long together as four times the last of them.
   */
  private boolean isWorthwhile() {
    VersionVector version = text.version();
    VersionVector last = snapshot == null ? VersionVector.EMPTY : snapshot.version;
    return version.eventsSince(last) > version.eventsSince(VersionVector.EMPTY) / 4;
  }

  /** Returns a snapshot of now. O(document). */
  Snapshot renew() {
    snapshot = new Snapshot(text.version(), Payload.of(text.text().snapshot()));
    return snapshot;
  }
}
