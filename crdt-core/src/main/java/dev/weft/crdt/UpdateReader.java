package dev.weft.crdt;

/**
 * Reads the body of an update and tells a {@link ChangeSink} what stands there. Reused between
 * updates, so that a keystroke's update costs no garbage. Not thread-safe.
 */
final class UpdateReader {
  // Longer buffers, as for a large paste or many authors, are not kept.
  private static final int TEXT_KEPT = 1024;
  private static final int REPLICAS_KEPT = 64;

  private static final char[] NONE = {};

  private final EventList dependencies = new EventList();
  private final Insertions insertions = new Insertions();
  private final EventName left = new EventName();
  private final EventName right = new EventName();
  private long[] replicas = new long[4];
  private int replicaCount;
  private char[] text = NONE;

  /**
   * Reads all changes.
   *
   * @throws MalformedUpdateException if the bytes break the format, or the sink says so
   */
  void read(ByteReader in, ChangeSink sink) throws MalformedUpdateException {
    readReplicas(in);
    try {
      while (in.remaining() > 0) {
        readChange(in, sink);
      }
    } finally {
      if (text.length > TEXT_KEPT) {
        text = NONE;
      }
      if (replicas.length > REPLICAS_KEPT) {
        replicas = new long[4];
      }
      insertions.end();
    }
  }

  private void readReplicas(ByteReader in) throws MalformedUpdateException {
    replicaCount = in.readCount("replica count", 8);
    if (replicaCount > replicas.length) {
      replicas = new long[replicaCount];
    }
    for (int i = 0; i < replicaCount; i++) {
      replicas[i] = in.readFixed64("replica id");
    }
    insertions.begin(replicaCount);
  }

  private void readChange(ByteReader in, ChangeSink sink) throws MalformedUpdateException {
    int at = in.position();
    int replica = readReplica(in);
    int sequence = in.readInt("sequence number", Integer.MAX_VALUE);
    int digest = sequence == 0 ? EventDigest.NONE : in.readFixed32("digest");
    int count = in.readCount("dependency count", 2 + Integer.BYTES);
    dependencies.clear();
    for (int i = 0; i < count; i++) {
      int on = readReplica(in);
      int last = in.readInt("sequence number", Integer.MAX_VALUE);
      dependencies.add(replicas[on], last, in.readFixed32("digest"));
    }
    sink.change(replicas[replica], sequence, digest, dependencies, at);
    int next = sequence;
    while (true) {
      int operationAt = in.position();
      long header = in.readVarint("operation");
      if (header == UpdateWriter.END_OF_CHANGE) {
        break;
      }
      int units = readOperation(in, sink, header, replica, next, operationAt);
      if (units > Integer.MAX_VALUE - next) {
        throw ByteReader.malformedAt(
            operationAt, "sequence numbers below 2^31", next + " and " + units + " more");
      }
      next += units;
    }
    if (next == sequence) {
      throw in.malformed("a change with at least one operation", "none");
    }
    sink.endChange(in.position());
  }

  /** Returns how many events the operation has. */
  private int readOperation(
      ByteReader in, ChangeSink sink, long header, int replica, int sequence, int at)
      throws MalformedUpdateException {
    if (header == UpdateWriter.RESTORE) {
      return readRestore(in, sink, at);
    }
    if (header == UpdateWriter.NAME) {
      sink.name(VersionNames.readName(in), at);
      return 1;
    }
    int kind = (int) header & UpdateWriter.KIND_MASK;
    long length = header >>> UpdateWriter.KIND_BITS;
    if (length == 0 || length > Integer.MAX_VALUE) {
      throw ByteReader.malformedAt(at, "a length from 1 to 2^31 - 1", Long.toString(length));
    }
    if (kind == UpdateWriter.DELETE_FORWARD || kind == UpdateWriter.DELETE_BACKWARD) {
      boolean backward = kind == UpdateWriter.DELETE_BACKWARD;
      int unitAt = in.position();
      readUnit(in, in.readInt("unit", Integer.MAX_VALUE), unitAt, left);
      sink.delete(left, (int) length, backward, at);
      return (int) length;
    }
    if (kind == UpdateWriter.INSERT) {
      readOrigin(in, left);
    } else if (sequence == 0) {
      throw ByteReader.malformedAt(at, "an event before the insert", "the replica's first event");
    } else {
      nameEventBefore(replica, sequence);
    }
    readOrigin(in, right);
    if (length > in.remaining()) {
      throw in.malformed(length + " bytes of text", in.remaining() + " bytes");
    }
    if (length > text.length) {
      text = new char[Math.max((int) length, Math.max(16, 2 * text.length))];
    }
    int units = in.readUtf8((int) length, text);
    sink.insert(left, right, text, 0, units, at);
    insertions.add(replica, sequence, units);
    return units;
  }

  private int readRestore(ByteReader in, ChangeSink sink, int at) throws MalformedUpdateException {
    int countAt = in.position();
    int count = in.readInt("count of deletes", Integer.MAX_VALUE);
    if (count == 0) {
      throw ByteReader.malformedAt(countAt, "at least one delete", "none");
    }
    int replica = readReplica(in);
    left.set(replicas[replica], in.readInt("sequence number", Integer.MAX_VALUE));
    sink.restore(left, count, at);
    return count;
  }

  private void nameEventBefore(int replica, int sequence) {
    left.set(replicas[replica], sequence - 1);
    int insertion = insertions.lastOf(replica, sequence - 1);
    if (insertion != Insertions.NONE) {
      int length = insertions.length(insertion);
      left.setInsertion(insertion, length - 1, length);
    }
  }

  private void readOrigin(ByteReader in, EventName name) throws MalformedUpdateException {
    int at = in.position();
    int number = in.readInt("origin", Integer.MAX_VALUE);
    if (number == UpdateWriter.ORIGIN_NONE) {
      name.setNone();
    } else {
      readUnit(in, number - 1, at, name);
    }
  }

  /** Reads what comes behind the first number of a unit. */
  private void readUnit(ByteReader in, int number, int at, EventName name)
      throws MalformedUpdateException {
    if (number == UpdateWriter.UNIT_COUNTED) {
      if (insertions.size() == 0) {
        throw ByteReader.malformedAt(at, "an insertion before it to count back to", "none");
      }
      int back = readBelow(in, insertions.size(), "insertions counted back");
      int insertion = insertions.size() - 1 - back;
      int length = insertions.length(insertion);
      int offset = readBelow(in, length, "offset in an insertion");
      name.set(replicas[insertions.replica(insertion)], insertions.sequence(insertion) + offset);
      name.setInsertion(insertion, offset, length);
    } else if (number <= replicaCount) {
      name.set(replicas[number - 1], in.readInt("sequence number", Integer.MAX_VALUE));
    } else {
      throw ByteReader.malformedAt(
          at, "a unit of one of " + replicaCount + " replicas", "one of replica " + (number - 1));
    }
  }

  private static int readBelow(ByteReader in, int bound, String what)
      throws MalformedUpdateException {
    int at = in.position();
    int number = in.readInt(what, Integer.MAX_VALUE);
    if (number >= bound) {
      throw ByteReader.malformedAt(at, what + " below " + bound, Integer.toString(number));
    }
    return number;
  }

  /** Reads the number of a replica. */
  private int readReplica(ByteReader in) throws MalformedUpdateException {
    return readBelow(in, replicaCount, "replica number");
  }
}
