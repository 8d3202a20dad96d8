package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive events of one replica, with what they depend on and their bytes: what a store keeps
 * and a relay passes on without building the text. Immutable.
 *
 * <pre>{@code
 * for (Change change : Change.parse(update)) {
 *   if (change.isReady(seen)) {
 *     seen = seen.merge(VersionVector.of(change.replica(), change.end()));
 *   }
 * }
 * }</pre>
 */
public final class Change {
  private final ReplicaId replica;
  private final long start;
  private final long end;
  private final List<EventId> dependencies;
  private final byte[] bytes;

  Change(ReplicaId replica, long start, long end, List<EventId> dependencies, byte[] bytes) {
    this.replica = replica;
    this.start = start;
    this.end = end;
    this.dependencies = List.copyOf(dependencies);
    this.bytes = bytes;
  }

  /** Returns whose events these are. */
  public ReplicaId replica() {
    return replica;
  }

  /** Returns the sequence number of the first event. */
  public long start() {
    return start;
  }

  /** Returns the sequence number after the last event. */
  public long end() {
    return end;
  }

  /**
   * Returns the causal heads that the change was made on; the replica's own event before {@link
   * #start} is implied and not listed.
   */
  public List<EventId> dependencies() {
    return dependencies;
  }

  /**
   * Returns whether a replica that has seen {@code seen} can take the change in: it has all that
   * the change depends on. One that has seen the change already is ready for it too.
   */
  public boolean isReady(VersionVector seen) {
    return start <= seen.next(replica) && seen.includesAll(dependencies);
  }

  /** Returns whether all events of the change have been seen. */
  public boolean isKnown(VersionVector seen) {
    return end <= seen.next(replica);
  }

  /**
   * Returns what of the change {@code seen} has not: the change itself if all of it, a change of
   * the remaining events if it begins before.
   *
   * @throws IllegalArgumentException if all of it is known
   */
  public Change since(VersionVector seen) {
    long next = seen.next(replica);
    if (next <= start) {
      return this;
    }
    if (next >= end) {
      throw new IllegalArgumentException(
          "all of the change is known, next=" + next + ", end=" + end);
    }
    int known = (int) (next - start);
    Change rest = tail(known);
    // A vector from outside may point inside a surrogate pair: one of text is told whole.
    return rest == null ? Objects.requireNonNull(tail(known - 1)) : rest;
  }

  /** Returns the change without its first events, null if they end inside a surrogate pair. */
  private @Nullable Change tail(int known) {
    if (known == 0) {
      return this;
    }
    ChangeWriter rest = new ChangeWriter();
    ChangeTail tail = new ChangeTail(rest, known);
    readOwn(tail);
    return tail.partsPair() ? null : rest.toChange();
  }

  /** Returns the change as an update of its own. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Returns how many bytes {@link #toBytes} has. */
  public int sizeInBytes() {
    return bytes.length;
  }

  /**
   * Reads the changes of an update or a snapshot, in the causal order in which they stand; of a
   * shallow snapshot those that it tells, since its history begins. The references inside the
   * changes are not checked, for that takes the document.
   *
   * @throws MalformedUpdateException if the bytes are not a well-formed update or snapshot
   */
  public static List<Change> parse(byte[] updateOrSnapshot) throws MalformedUpdateException {
    return parse(updateOrSnapshot, Limits.DEFAULT);
  }

  /**
   * Reads the changes of an update or a snapshot that keeps to {@code limits}.
   *
   * @throws MalformedUpdateException if the bytes are not a well-formed update or snapshot, or
   *     beyond a limit
   */
  public static List<Change> parse(byte[] updateOrSnapshot, Limits limits)
      throws MalformedUpdateException {
    Splitter splitter = new Splitter();
    ByteReader in = new ByteReader(updateOrSnapshot);
    int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
    if (kind == BinaryFormat.UPDATE) {
      new UpdateReader().read(in, splitter);
    } else {
      Contents contents = Contents.read(kind, in, limits, SpanTree.DEFAULT_NODE_CAPACITY);
      contents.logged.tellAll(splitter);
    }
    return splitter.changes;
  }

  /** Returns one update that holds all the changes, in the order given, which must be causal. */
  public static byte[] combine(Collection<Change> changes) {
    if (changes.size() == 1) {
      return changes.iterator().next().toBytes();
    }
    int size = 0;
    for (Change change : changes) {
      size += change.bytes.length;
    }
    UpdateWriter update = new UpdateWriter(size);
    for (Change change : changes) {
      change.readOwn(update);
    }
    return update.toBytes();
  }

  /**
   * Returns the same events in fewer changes: those that a replica made directly after one another,
   * and that stand so in the list, become one unless the later one depends on what others did. O(
   * bytes).
   *
   * @param changes in causal order; the result is in the same
   */
  public static List<Change> join(Collection<Change> changes) {
    ChangeJoiner joiner = new ChangeJoiner();
    for (Change change : changes) {
      change.readOwn(joiner);
    }
    return joiner.finish(0);
  }

  void readOwn(ChangeSink sink) {
    ByteReader in = new ByteReader(bytes);
    try {
      BinaryFormat.open(in, Integer.MAX_VALUE);
      new UpdateReader().read(in, sink);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a change's own bytes are malformed", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Change that
        && replica.equals(that.replica)
        && start == that.start
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * replica.hashCode() + Long.hashCode(start);
  }

  /** Returns {@code replica[start, end)} and the dependencies. */
  @Override
  public String toString() {
    return replica + "[" + start + ", " + end + ") after " + dependencies;
  }

  /** Makes a {@link Change} of each change it is told. */
  private static final class Splitter implements ChangeSink {
    final List<Change> changes = new ArrayList<>();
    private ChangeWriter current = new ChangeWriter();

    @Override
    public void change(long replica, int sequence, int digest, EventList dependencies, int at) {
      current = new ChangeWriter();
      current.change(replica, sequence, digest, dependencies, at);
    }

    @Override
    public void insert(EventName left, EventName right, char[] text, int start, int end, int at) {
      current.insert(left, right, text, start, end, at);
    }

    @Override
    public void delete(EventName target, int count, boolean backward, int at) {
      current.delete(target, count, backward, at);
    }

    @Override
    public void restore(EventName first, int count, int at) {
      current.restore(first, count, at);
    }

    @Override
    public void name(String name, int at) {
      current.name(name, at);
    }

    @Override
    public void endChange(int at) {
      current.endChange(at);
      changes.add(current.toChange());
    }
  }
}
