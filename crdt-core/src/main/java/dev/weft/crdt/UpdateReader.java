package dev.weft.crdt;

/**
 * Reads the body of an update and tells a {@link ChangeSink} what stands there. Reused between
 * updates, so that a keystroke's update costs no garbage. Not thread-safe.
 */
final class UpdateReader {
  // A longer buffer, as for a large paste, is not kept.
  private static final int TEXT_KEPT = 1024;

  private final EventList dependencies = new EventList();
  private long[] replicas = new long[4];
  private int replicaCount;
  private char[] text = new char[TEXT_KEPT];

  // The origin read last.
  private long originReplica;
  private int originSequence;

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
        text = new char[TEXT_KEPT];
      }
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
  }

  private void readChange(ByteReader in, ChangeSink sink) throws MalformedUpdateException {
    int at = in.position();
    long replica = readReplica(in);
    int sequence = in.readInt("sequence number", Integer.MAX_VALUE);
    int count = in.readCount("dependency count", 2);
    dependencies.clear();
    for (int i = 0; i < count; i++) {
      long on = readReplica(in);
      dependencies.add(on, in.readInt("sequence number", Integer.MAX_VALUE));
    }
    sink.change(replica, sequence, dependencies, at);
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
      ByteReader in, ChangeSink sink, long header, long replica, int sequence, int at)
      throws MalformedUpdateException {
    int kind = (int) header & UpdateWriter.KIND_MASK;
    long length = header >>> UpdateWriter.KIND_BITS;
    if (length == 0 || length > Integer.MAX_VALUE) {
      throw ByteReader.malformedAt(at, "a length from 1 to 2^31 - 1", Long.toString(length));
    }
    if (kind == UpdateWriter.DELETE_FORWARD || kind == UpdateWriter.DELETE_BACKWARD) {
      boolean backward = kind == UpdateWriter.DELETE_BACKWARD;
      long target = readReplica(in);
      int targetSequence = in.readInt("sequence number", Integer.MAX_VALUE);
      sink.delete(target, targetSequence, (int) length, backward, at);
      return (int) length;
    }
    long leftReplica = replica;
    int leftSequence = sequence - 1;
    if (kind == UpdateWriter.INSERT) {
      readOrigin(in);
      leftReplica = originReplica;
      leftSequence = originSequence;
    } else if (sequence == 0) {
      throw ByteReader.malformedAt(at, "an event before the insert", "the replica's first event");
    }
    readOrigin(in);
    if (length > in.remaining()) {
      throw in.malformed(length + " bytes of text", in.remaining() + " bytes");
    }
    if (length > text.length) {
      text = new char[Math.max((int) length, 2 * text.length)];
    }
    int units = in.readUtf8((int) length, text);
    sink.insert(leftReplica, leftSequence, originReplica, originSequence, text, 0, units, at);
    return units;
  }

  private void readOrigin(ByteReader in) throws MalformedUpdateException {
    int number = in.readInt("origin's replica number", replicaCount);
    if (number == 0) {
      originReplica = 0;
      originSequence = ChangeSink.NO_EVENT;
    } else {
      originReplica = replicas[number - 1];
      originSequence = in.readInt("sequence number", Integer.MAX_VALUE);
    }
  }

  private long readReplica(ByteReader in) throws MalformedUpdateException {
    int at = in.position();
    int number = in.readInt("replica number", Integer.MAX_VALUE);
    if (number >= replicaCount) {
      throw ByteReader.malformedAt(
          at, "a replica number below " + replicaCount, Integer.toString(number));
    }
    return replicas[number];
  }
}
