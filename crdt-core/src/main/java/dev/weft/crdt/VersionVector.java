package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What a replica has seen: for each replica, the sequence number of the next event it has not seen
 * (exclusive end; 0 for a replica not named). Deletions take sequence numbers too, so a vector
 * describes a document's state completely: equal vectors, equal text. Immutable.
 *
 * <p>Vectors are partially ordered ({@link #compare}); of two that are {@link Order#CONCURRENT},
 * each has seen something that the other has not.
 */
public final class VersionVector {
  /** The vector that has seen nothing. */
  public static final VersionVector EMPTY = new VersionVector(new long[0], new long[0]);

  // Parallel, ascending by unsigned id; every next is positive.
  private final long[] ids;
  private final long[] nexts;

  private VersionVector(long[] ids, long[] nexts) {
    this.ids = ids;
    this.nexts = nexts;
  }

  /** Returns the vector of replicas in any order, each there once. O(replicas log replicas). */
  static VersionVector of(ReplicaTable replicas, int[] nextOf) {
    long[] ids = new long[replicas.size()];
    int size = 0;
    for (int replica = 0; replica < replicas.size(); replica++) {
      if (nextOf[replica] > 0) {
        // With the top bit flipped, the signed order of sort() is the unsigned order.
        ids[size++] = replicas.id(replica) ^ Long.MIN_VALUE;
      }
    }
    if (size == 0) {
      return EMPTY;
    }
    ids = Arrays.copyOf(ids, size);
    Arrays.sort(ids);
    long[] nexts = new long[size];
    for (int i = 0; i < size; i++) {
      ids[i] ^= Long.MIN_VALUE;
      nexts[i] = nextOf[replicas.find(ids[i])];
    }
    return new VersionVector(ids, nexts);
  }

  /** Returns the vector that has seen the first {@code next} events of one replica only. */
  public static VersionVector of(ReplicaId replica, long next) {
    return new Builder().advance(replica, next).build();
  }

  /**
   * Returns the next sequence number that this vector has not seen of {@code replica}, 0 for a
   * replica it does not name. O(log replicas).
   */
  public long next(ReplicaId replica) {
    int at = find(ids, ids.length, replica.bits());
    return at < 0 ? 0 : nexts[at];
  }

  /** Returns whether the event has been seen. O(log replicas). */
  public boolean includes(EventId event) {
    return event.sequence() < next(event.replica());
  }

  /** Returns whether all the events have been seen. */
  public boolean includesAll(Collection<EventId> events) {
    for (EventId event : events) {
      if (!includes(event)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether everything that {@code other} has seen has been seen here. O(replicas). */
  public boolean includes(VersionVector other) {
    Objects.requireNonNull(other, "other");
    Order order = compare(other);
    return order == Order.EQUAL || order == Order.AFTER;
  }

  /** Returns how this vector stands to {@code other} in the causal order. O(replicas). */
  public Order compare(VersionVector other) {
    Objects.requireNonNull(other, "other");
    boolean more = false;
    boolean less = false;
    int i = 0;
    int j = 0;
    while (i < ids.length && j < other.ids.length) {
      int byId = Long.compareUnsigned(ids[i], other.ids[j]);
      if (byId < 0) {
        more = true;
        i++;
      } else if (byId > 0) {
        less = true;
        j++;
      } else {
        more |= nexts[i] > other.nexts[j];
        less |= nexts[i] < other.nexts[j];
        i++;
        j++;
      }
    }
    more |= i < ids.length;
    less |= j < other.ids.length;
    if (more) {
      return less ? Order.CONCURRENT : Order.AFTER;
    }
    return less ? Order.BEFORE : Order.EQUAL;
  }

  /** Returns the least vector that has seen what either has seen. O(replicas). */
  public VersionVector merge(VersionVector other) {
    Objects.requireNonNull(other, "other");
    long[] mergedIds = new long[ids.length + other.ids.length];
    long[] mergedNexts = new long[mergedIds.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < ids.length || j < other.ids.length) {
      int byId = compareIdAt(i, other, j);
      mergedIds[size] = byId <= 0 ? ids[i] : other.ids[j];
      long mine = byId <= 0 ? nexts[i++] : 0;
      long theirs = byId >= 0 ? other.nexts[j++] : 0;
      mergedNexts[size++] = Math.max(mine, theirs);
    }
    return new VersionVector(Arrays.copyOf(mergedIds, size), Arrays.copyOf(mergedNexts, size));
  }

  /**
   * Compares the id at {@code i} with the other vector's at {@code j}; one past the end is above
   * all.
   */
  private int compareIdAt(int i, VersionVector other, int j) {
    if (i == ids.length) {
      return 1;
    }
    return j == other.ids.length ? -1 : Long.compareUnsigned(ids[i], other.ids[j]);
  }

  /** Returns the greatest vector that has seen only what both have seen. O(replicas). */
  public VersionVector intersect(VersionVector other) {
    Objects.requireNonNull(other, "other");
    Builder builder = new Builder();
    for (int i = 0; i < ids.length; i++) {
      int at = find(other.ids, other.ids.length, ids[i]);
      if (at >= 0) {
        builder.advance(ids[i], Math.min(nexts[i], other.nexts[at]));
      }
    }
    return builder.build();
  }

  /**
   * Returns what every one of some replicas is known to have seen, which is <i>causally stable</i>
   * if they are all that write: nothing concurrent to it can come any more. O(vectors x replicas).
   *
   * @param seen what each has seen, of one replica at least; of each, all that it had written by
   *     then has come here too, as it has if it tells its vector behind its changes
   * @throws IllegalArgumentException if there is none
   */
  public static VersionVector causallyStable(Collection<VersionVector> seen) {
    return seen.stream()
        .reduce(VersionVector::intersect)
        .orElseThrow(() -> new IllegalArgumentException("must be of one replica at least, none"));
  }

  /**
   * Returns the events that this vector has seen and {@code other} has not, ascending by replica.
   * O(replicas x log replicas).
   */
  public List<EventRange> subtract(VersionVector other) {
    Objects.requireNonNull(other, "other");
    List<EventRange> ranges = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      ReplicaId replica = new ReplicaId(ids[i]);
      long start = other.next(replica);
      if (start < nexts[i]) {
        ranges.add(new EventRange(replica, start, nexts[i]));
      }
    }
    return ranges;
  }

  /** Returns how many events this vector has seen that {@code other} has not. O(replicas). */
  public long eventsSince(VersionVector other) {
    Objects.requireNonNull(other, "other");
    long events = 0;
    for (int i = 0; i < ids.length; i++) {
      int at = find(other.ids, other.ids.length, ids[i]);
      events += Math.max(0, nexts[i] - (at < 0 ? 0 : other.nexts[at]));
    }
    return events;
  }

  /** Returns the number of replicas of which something has been seen. */
  public int size() {
    return ids.length;
  }

  /** Returns whether nothing has been seen. */
  public boolean isEmpty() {
    return ids.length == 0;
  }

  /** Returns the replicas of which something has been seen, ascending. */
  public List<ReplicaId> replicas() {
    List<ReplicaId> replicas = new ArrayList<>(ids.length);
    for (long id : ids) {
      replicas.add(new ReplicaId(id));
    }
    return replicas;
  }

  /** Returns a builder that starts from this vector. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.ids = Arrays.copyOf(ids, ids.length + 1);
    builder.nexts = Arrays.copyOf(nexts, nexts.length + 1);
    builder.size = ids.length;
    return builder;
  }

  /** Returns the vector in the binary form of {@code docs/FORMAT.md}, "Version vector". */
  public byte[] toBytes() {
    ByteWriter out = new ByteWriter(2 + ids.length * 10);
    out.writeVarint(ids.length);
    for (int i = 0; i < ids.length; i++) {
      out.writeFixed64(ids[i]);
      out.writeVarint(nexts[i]);
    }
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws MalformedUpdateException if the bytes are not a version vector
   */
  public static VersionVector parse(byte[] bytes) throws MalformedUpdateException {
    ByteReader in = new ByteReader(bytes);
    int count = in.readCount("replica count", 9);
    long[] ids = new long[count];
    long[] nexts = new long[count];
    for (int i = 0; i < count; i++) {
      int at = in.position();
      ids[i] = in.readFixed64("replica id");
      if (i > 0 && Long.compareUnsigned(ids[i - 1], ids[i]) >= 0) {
        throw new MalformedUpdateException(
            at,
            "a replica id above " + new ReplicaId(ids[i - 1]),
            new ReplicaId(ids[i]).toString());
      }
      at = in.position();
      nexts[i] = in.readVarint("next sequence number");
      if (nexts[i] == 0) {
        throw new MalformedUpdateException(at, "a positive next sequence number", "0");
      }
    }
    in.requireEnd("version vector");
    return new VersionVector(ids, nexts);
  }

  /**
   * Reads what {@link #toString} wrote: {@code replica:next} pairs parted by commas, in any order;
   * the empty string is the empty vector.
   *
   * @throws IllegalArgumentException if {@code text} is not of that form
   */
  public static VersionVector parse(String text) {
    Builder builder = new Builder();
    if (text.isEmpty()) {
      return EMPTY;
    }
    for (String pair : text.split(",", -1)) {
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            "a version vector is replica:next pairs parted by commas, pair=\"" + pair + "\"");
      }
      long next;
      try {
        next = Long.parseLong(pair.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "the next sequence number must be a whole number, pair=\"" + pair + "\"", e);
      }
      builder.advance(ReplicaId.parse(pair.substring(0, colon)), next);
    }
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionVector that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(nexts, that.nexts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(nexts);
  }

  /** Returns {@code replica:next} pairs, ascending by replica, parted by commas. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.length; i++) {
      text.append(i == 0 ? "" : ",").append(new ReplicaId(ids[i])).append(':').append(nexts[i]);
    }
    return text.toString();
  }

  private static int find(long[] ids, int size, long id) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int mid = (low + high) >>> 1;
      int order = Long.compareUnsigned(ids[mid], id);
      if (order == 0) {
        return mid;
      }
      if (order < 0) {
        low = mid + 1;
      } else {
        high = mid - 1;
      }
    }
    return -(low + 1);
  }

  /** How one vector stands to another. */
  public enum Order {
    /** Both have seen the same. */
    EQUAL,
    /** The other has seen all that this one has, and more. */
    BEFORE,
    /** This one has seen all that the other has, and more. */
    AFTER,
    /** Each has seen something that the other has not. */
    CONCURRENT
  }

  /** Collects a vector. Not thread-safe. */
  public static final class Builder {
    private long[] ids = new long[4];
    private long[] nexts = new long[4];
    private int size;

    /** Creates a builder of the empty vector. */
    public Builder() {}

    /**
     * Makes the vector include all events of {@code replica} below {@code next}; never goes back.
     *
     * @throws IllegalArgumentException if {@code next} is negative
     */
    public Builder advance(ReplicaId replica, long next) {
      return advance(replica.bits(), next);
    }

    Builder advance(long id, long next) {
      if (next < 0) {
        throw new IllegalArgumentException("next must not be negative, next=" + next);
      }
      int at = find(ids, size, id);
      if (at >= 0) {
        nexts[at] = Math.max(nexts[at], next);
      } else if (next > 0) {
        insert(-at - 1, id, next);
      }
      return this;
    }

    private void insert(int at, long id, long next) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
        nexts = Arrays.copyOf(nexts, 2 * size);
      }
      System.arraycopy(ids, at, ids, at + 1, size - at);
      System.arraycopy(nexts, at, nexts, at + 1, size - at);
      ids[at] = id;
      nexts[at] = next;
      size++;
    }

    /** Returns the vector collected so far. */
    public VersionVector build() {
      return size == 0
          ? EMPTY
          : new VersionVector(Arrays.copyOf(ids, size), Arrays.copyOf(nexts, size));
    }
  }
}
