package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Gives bytes of whatever origin to a document, and holds it to what is promised: they are refused,
 * with a place and a reason, or taken in whole; a refusal changes nothing; and neither costs more
 * memory than a multiple of the bytes.
 */
final class Hostile {
  /** What a document of its own, its tables and its models take. */
  private static final long MEMORY_BASE = 1 << 20;

  private static final long MEMORY_PER_BYTE = 1_000;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Hostile() {}

  /** Returns the bytes as the body of an update or a snapshot, with the right checksum. */
  static byte[] framed(int kind, byte[] body) {
    ByteWriter out = BinaryFormat.begin(kind, body.length + 8);
    out.writeBytes(body, 0, body.length);
    return BinaryFormat.finish(out);
  }

  /** Applies the bytes to an empty document and to one with a history. */
  static void apply(byte[] bytes) {
    apply(bytes, () -> TextDocument.create(new ReplicaId(42), Limits.DEFAULT, 4));
    apply(bytes, Hostile::document);
    apply(bytes, Hostile::shallowDocument);
  }

  private static void apply(byte[] bytes, Supplier<TextDocument> documents) {
    TextDocument document = documents.get();
    byte[] before = document.snapshot();
    boolean taken = isTaken(bytes, document::apply);
    requireModest(bytes, () -> isTaken(bytes, documents.get()::apply));
    document.checkInvariants();
    if (!taken && !Arrays.equals(before, document.snapshot())) {
      throw new AssertionError("refused, and yet changed");
    }
    requireWritable(document);
  }

  /** Loads the bytes, and reads their text alone. */
  static void load(byte[] bytes) {
    requireModest(bytes, () -> isTaken(bytes, each -> TextDocument.load(new ReplicaId(42), each)));
    try {
      TextDocument document = TextDocument.load(new ReplicaId(42), bytes);
      document.checkInvariants();
      assertThat(TextDocument.readText(bytes)).isEqualTo(document.text());
      requireWritable(document);
    } catch (MalformedUpdateException e) {
      // That is one of the two things that may happen.
      requirePlace(e, bytes);
    }
  }

  /** Parses the bytes as a version vector. */
  static void parseVector(byte[] bytes) {
    requireModest(
        bytes,
        () ->
            isTaken(
                bytes, each -> assertThat(VersionVector.parse(each).toBytes()).isEqualTo(each)));
  }

  /** What takes bytes in, or refuses them. */
  @FunctionalInterface
  private interface Taker {
    void take(byte[] bytes) throws MalformedUpdateException;
  }

  private static boolean isTaken(byte[] bytes, Taker taker) {
    try {
      taker.take(bytes);
      return true;
    } catch (MalformedUpdateException e) {
      requirePlace(e, bytes);
      return false;
    }
  }

  private static TextDocument document() {
    TextDocument document = TextDocument.create(new ReplicaId(7), Limits.DEFAULT, 4);
    document.insert(0, "the warp \ud83e\uddf5 and the weft");
    document.delete(2, 6);
    document.insert(5, "é");
    return document;
  }

  private static TextDocument shallowDocument() {
    TextDocument document = document();
    byte[] shallow = document.shallowSnapshot(document.version());
    try {
      return TextDocument.load(new ReplicaId(8), shallow, Limits.DEFAULT, 4);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a document wrote what cannot be read", e);
    }
  }

  /** Whatever was taken in can be told to others. */
  private static void requireWritable(TextDocument document) {
    try {
      TextDocument copy = TextDocument.load(new ReplicaId(43), document.snapshot());
      assertThat(copy.text()).isEqualTo(document.text());
      assertThat(copy.version()).isEqualTo(document.version());
      VersionVector base = document.historyBase();
      TextDocument told =
          base.isEmpty() ? TextDocument.create(new ReplicaId(44)) : copy.fork(new ReplicaId(44));
      assertThat(told.apply(document.changesSince(base)).isComplete()).isTrue();
      assertThat(told.text()).isEqualTo(document.text());
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a document wrote what cannot be read", e);
    }
  }

  private static void requirePlace(MalformedUpdateException refusal, byte[] bytes) {
    assertThat(refusal.offset()).isBetween(0, bytes.length);
    assertThat(refusal.expected()).isNotBlank();
    assertThat(refusal.actual()).isNotBlank();
  }

  private static void requireModest(byte[] bytes, Runnable task) {
    long most = MEMORY_BASE + MEMORY_PER_BYTE * bytes.length;
    long allocated = allocatedBy(task);
    if (allocated > most) {
      // The first time, classes may have been loaded.
      allocated = allocatedBy(task);
    }
    assertThat(allocated)
        .as("bytes allocated for an input of %d bytes", bytes.length)
        .isLessThanOrEqualTo(most);
  }

  private static long allocatedBy(Runnable task) {
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    task.run();
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
  }
}
