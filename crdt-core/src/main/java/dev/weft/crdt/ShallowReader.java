package dev.weft.crdt;

import java.util.List;

/** Reads what {@link ShallowWriter} wrote, every number checked. Not thread-safe. */
final class ShallowReader {
  private static final int BYTES_OF_REPLICA = Long.BYTES + 1 + Integer.BYTES;

  private final Contents contents;
  private final Limits limits;
  private int[] nexts = new int[0];
  private int[] digests = new int[0];

  private ShallowReader(int nodeCapacity, Limits limits) {
    contents = new Contents(nodeCapacity);
    this.limits = limits;
  }

  /** Returns whether a shallow snapshot that was just written can be read. */
  static boolean canRead(byte[] snapshot, Limits limits) {
    try {
      ByteReader in = new ByteReader(snapshot);
      int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
      Contents unused = Contents.read(kind, in, limits, SpanTree.DEFAULT_NODE_CAPACITY);
      return true;
    } catch (MalformedUpdateException e) {
      return false;
    }
  }

  /** Reads the body of a shallow snapshot into contents of their own. */
  static Contents read(ByteReader in, Limits limits, int nodeCapacity)
      throws MalformedUpdateException {
    return new ShallowReader(nodeCapacity, limits).read(in);
  }

  private Contents read(ByteReader in) throws MalformedUpdateException {
    byte[] visibleUtf8 = DeflatedText.read(in, limits.maxUpdateBytes());
    String visible = SnapshotReader.decoded(visibleUtf8, 0, in);
    String baseText = SnapshotReader.readRepeats(in, limits, visibleUtf8);
    readReplicas(in);
    int headAt = in.position();
    int head = in.readInt("replica", Integer.MAX_VALUE);
    if (head >= nexts.length) {
      throw ByteReader.malformedAt(
          headAt, "a replica below " + nexts.length, Integer.toString(head));
    }
    BaseReader.read(in, contents, baseText, nexts, digests, head);
    readChanges(in);
    if (!visible.equals(new String(contents.visibleText(0, contents.tree.length())))) {
      throw in.malformed("changes that leave the visible text", "others");
    }
    return contents;
  }

  private void readReplicas(ByteReader in) throws MalformedUpdateException {
    int count = in.readCount("replica count", BYTES_OF_REPLICA);
    if (count > limits.maxReplicas()) {
      throw in.malformed(
          "at most " + limits.maxReplicas() + " replicas (maxReplicas)", Integer.toString(count));
    }
    nexts = new int[count];
    digests = new int[count];
    int room = limits.maxUnits();
    for (int i = 0; i < count; i++) {
      long id = in.readFixed64("replica id");
      if (contents.history.findOrAddReplica(id) != i) {
        throw in.malformed("different replica ids", new ReplicaId(id) + " twice");
      }
      nexts[i] = in.readInt("sequence number (maxUnits)", room);
      if (nexts[i] == 0) {
        throw in.malformed("replicas that did something", new ReplicaId(id) + " without events");
      }
      room -= nexts[i];
      digests[i] = in.readFixed32("digest");
    }
  }

  private void readChanges(ByteReader in) throws MalformedUpdateException {
    LogAppender appender = new LogAppender(contents, limits);
    int start = contents.log.eventCount();
    appender.begin(in.remaining());
    new UpdateReader().read(in, appender);
    List<Change> early = appender.end();
    if (!early.isEmpty()) {
      throw in.malformed("changes in causal order", early.get(0) + ", which misses others");
    }
    contents.integrator.integrate(start, new EditRecorder(contents.text));
  }
}
