package dev.weft.crdt;

/**
 * Writes changes as an update, row by row: quick for a keystroke, tolerable for many. See {@code
 * docs/FORMAT.md}, "Update". Not thread-safe.
 */
final class UpdateWriter implements ChangeSink {
  static final int INSERT = 0;
  static final int DELETE_FORWARD = 1;
  static final int DELETE_BACKWARD = 2;

  /** An insert whose origin left is the same replica's event directly before it. */
  static final int INSERT_NEXT = 3;

  static final int KIND_BITS = 2;
  static final int KIND_MASK = (1 << KIND_BITS) - 1;
  static final int END_OF_CHANGE = 0;

  /** As an operation, which has no length there. */
  static final int RESTORE = 1;

  /** As an operation: the naming of a version. */
  static final int NAME = 2;

  /** As an origin: the start or the end of the document. Units follow. */
  static final int ORIGIN_NONE = 0;

  /** As a unit: one that the update inserts, counted back. Replica numbers follow. */
  static final int UNIT_COUNTED = 0;

  private final ReplicaTable replicas = new ReplicaTable();
  private final InsertionFinder insertions = new InsertionFinder();
  private final ByteWriter body;
  private final ByteWriter scratch = new ByteWriter(16);
  private long replica;
  private int sequence;

  UpdateWriter(int capacity) {
    body = new ByteWriter(capacity);
  }

  @Override
  public void change(long newReplica, int newSequence, int digest, EventList dependencies, int at) {
    replica = newReplica;
    sequence = newSequence;
    body.writeVarint(numberOf(newReplica));
    body.writeVarint(newSequence);
    if (newSequence > 0) {
      body.writeFixed32(digest);
    }
    body.writeVarint(dependencies.size());
    for (int i = 0; i < dependencies.size(); i++) {
      body.writeVarint(numberOf(dependencies.replica(i)));
      body.writeVarint(dependencies.sequence(i));
      body.writeFixed32(dependencies.digest(i));
    }
  }

  @Override
  public void insert(EventName left, EventName right, char[] text, int start, int end, int at) {
    scratch.clear();
    scratch.writeUtf8(text, start, end);
    boolean next = sequence > 0 && left.sequence == sequence - 1 && left.replica == replica;
    body.writeVarint((long) scratch.size() << KIND_BITS | (next ? INSERT_NEXT : INSERT));
    if (!next) {
      writeOrigin(left);
    }
    writeOrigin(right);
    body.writeAll(scratch);
    insertions.add(numberOf(replica), sequence, end - start);
    sequence += end - start;
  }

  private void writeOrigin(EventName origin) {
    if (origin.isNone()) {
      body.writeVarint(ORIGIN_NONE);
    } else {
      writeUnit(origin, ORIGIN_NONE + 1);
    }
  }

  @Override
  public void delete(EventName target, int count, boolean backward, int at) {
    body.writeVarint((long) count << KIND_BITS | (backward ? DELETE_BACKWARD : DELETE_FORWARD));
    writeUnit(target, 0);
    sequence += count;
  }

  @Override
  public void restore(EventName first, int count, int at) {
    body.writeVarint(RESTORE);
    body.writeVarint(count);
    body.writeVarint(numberOf(first.replica));
    body.writeVarint(first.sequence);
    sequence += count;
  }

  @Override
  public void name(String name, int at) {
    body.writeVarint(NAME);
    VersionNames.writeName(name, body);
    sequence++;
  }

  /**
   * Writes which unit is meant: one that this update inserts by counting back, any other by name.
   *
   * @param base is added to the first number
   */
  private void writeUnit(EventName name, int base) {
    int number = numberOf(name.replica);
    int insertion = insertions.find(number, name.sequence);
    if (insertion == Insertions.NONE) {
      body.writeVarint(base + UNIT_COUNTED + 1 + number);
      body.writeVarint(name.sequence);
    } else {
      body.writeVarint(base + UNIT_COUNTED);
      body.writeVarint(insertions.size() - 1 - insertion);
      body.writeVarint(name.sequence - insertions.sequence(insertion));
    }
  }

  @Override
  public void endChange(int at) {
    body.writeVarint(END_OF_CHANGE);
  }

  /** Returns the sequence number after the last event written. */
  int sequence() {
    return sequence;
  }

  private int numberOf(long id) {
    int number = replicas.find(id);
    return number < 0 ? replicas.add(id) : number;
  }

  byte[] toBytes() {
    ByteWriter out =
        BinaryFormat.begin(BinaryFormat.UPDATE, 16 + 8 * replicas.size() + body.size());
    out.writeVarint(replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      out.writeFixed64(replicas.id(i));
    }
    out.writeAll(body);
    return BinaryFormat.finish(out);
  }
}
