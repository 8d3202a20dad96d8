package dev.weft.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads a snapshot into {@link Contents} of its own, every number checked. Not thread-safe.
 *
 * <p>The order of the text is not stored but reached again from the history, so a snapshot cannot
 * claim an order that its history does not have.
 */
final class SnapshotReader {
  /** What the JDK decodes malformed bytes to. */
  private static final char REPLACEMENT = '\ufffd';

  private final Contents contents;
  private final RestoredDeletes restores;
  private final Limits limits;

  private SnapshotReader(int nodeCapacity, Limits limits) {
    contents = new Contents(nodeCapacity);
    restores = new RestoredDeletes(contents.history, contents.log);
    this.limits = limits;
  }

  /** Reads the body of a snapshot. */
  static Contents read(ByteReader in, Limits limits, int nodeCapacity)
      throws MalformedUpdateException {
    return new SnapshotReader(nodeCapacity, limits).read(in);
  }

  /** Reads only the visible text from the body of a snapshot. */
  static String readText(ByteReader in, Limits limits) throws MalformedUpdateException {
    return decoded(DeflatedText.read(in, limits.maxUpdateBytes()), 0, in);
  }

  private Contents read(ByteReader in) throws MalformedUpdateException {
    byte[] visibleUtf8 = DeflatedText.read(in, limits.maxUpdateBytes());
    String visible = decoded(visibleUtf8, 0, in);
    String deleted = readRepeats(in, limits, visibleUtf8);
    int units = Math.addExact(visible.length(), deleted.length());
    HistoryReader.read(in, contents, limits, units, VersionNames.read(in));
    in.requireEnd("snapshot");
    if (contents.tree.length() != visible.length()) {
      throw in.malformed(
          "a history that leaves " + visible.length() + " units visible",
          contents.tree.length() + " units");
    }
    fillText(visible, deleted);
    if (contents.text.hasSurrogates()) {
      checkPairs(in);
    }
    return contents;
  }

  /** Reads a text that repeats much of another. */
  static String readRepeats(ByteReader in, Limits limits, byte[] visibleUtf8)
      throws MalformedUpdateException {
    int length = in.readInt("second text's length (maxUpdateBytes)", limits.maxUpdateBytes());
    ByteReader stored = Expansion.TEXT.read(in, "second text", length);
    if (length == 0) {
      return "";
    }
    int start = visibleUtf8.length;
    byte[] texts = Arrays.copyOf(visibleUtf8, Math.addExact(start, length));
    RangeDecoder decoder = stored.rangeDecoder();
    RepeatReader.read(decoder, texts, start);
    decoder.requireRestZeros();
    return decoded(texts, start, in);
  }

  /** Decodes UTF-8 from {@code start} on: as quickly as the JDK can, and strictly. */
  static String decoded(byte[] utf8, int start, ByteReader in) throws MalformedUpdateException {
    String text = new String(utf8, start, utf8.length - start, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      // Either it was there, or something stands here that is not UTF-8.
      ByteReader reader = new ByteReader(utf8, start, utf8.length);
      try {
        reader.readUtf8(reader.remaining(), new char[reader.remaining()]);
      } catch (MalformedUpdateException e) {
        // Its offset is one in the text: the snapshot has it in another form.
        throw in.malformed(e.expected() + " at byte " + e.offset() + " of its text", e.actual());
      }
    }
    return text;
  }

  /** Gives the text to the units: the visible to those left visible, in their order. */
  private void fillText(String visible, String deleted) {
    char[] all = new char[visible.length() + deleted.length()];
    boolean[] placed = new boolean[all.length];
    int[] taken = {0};
    contents.tree.forEachVisible(
        0,
        visible.length(),
        (unit, count) -> {
          visible.getChars(taken[0], taken[0] + count, all, unit);
          Arrays.fill(placed, unit, unit + count, true);
          taken[0] += count;
        });
    int next = 0;
    for (int unit = 0; unit < all.length; unit++) {
      if (!placed[unit]) {
        all[unit] = deleted.charAt(next++);
      }
    }
    contents.text.append(all, 0, all.length);
  }

  /** Checks that no operation, origin, run or dependency parts a surrogate pair. */
  private void checkPairs(ByteReader in) throws MalformedUpdateException {
    OperationLog log = contents.log;
    for (int operation = 0; operation < log.size(); operation++) {
      int event = log.firstEvent(operation);
      int count = log.endEvent(operation) - event;
      boolean whole;
      if (log.isDelete(operation)) {
        int lowest = log.lowestTarget(operation, event, count);
        whole = !isLow(lowest) && !isHigh(lowest + count - 1);
      } else if (log.isRestore(operation)) {
        int start = log.restoredSequence(operation);
        int replica = log.restoredReplica(operation);
        whole = !restores.partPairs(replica, start, start + count, contents.text);
      } else if (log.isName(operation)) {
        whole = true;
      } else {
        int first = log.firstUnit(operation);
        int left = log.originLeft(operation, first);
        int right = log.originRight(operation);
        whole =
            isPaired(first, count)
                && (left == OperationLog.NONE || !isHigh(left))
                && (right == OperationLog.NONE || !isLow(right));
      }
      if (!whole) {
        throw in.malformed("whole surrogate pairs", "operation " + operation + " parts one");
      }
    }
    CausalHistory history = contents.history;
    for (int run = 1; run < history.runCount(); run++) {
      if (partsPair(history.runStart(run))) {
        throw in.malformed("whole surrogate pairs", "run " + run + " parts one");
      }
      for (int i = history.dependenciesStart(run); i < history.dependenciesEnd(run); i++) {
        if (contents.logged.partsPair(history.dependency(i) + 1)) {
          throw in.malformed("whole surrogate pairs", "run " + run + " depends on half of one");
        }
      }
    }
  }

  /**
   * Returns whether an event and the one before, of another run, do the same to halves of a pair.
   */
  private boolean partsPair(int event) {
    OperationLog log = contents.log;
    if (log.isName(log.operationOfEvent(event))) {
      return false;
    }
    int unit = restores.unitTouchedBy(event);
    if (log.isInsert(log.operationOfEvent(event))) {
      return isLow(unit);
    }
    if (log.operationOfEvent(event) != log.operationOfEvent(event - 1)) {
      return false;
    }
    int before = restores.unitTouchedBy(event - 1);
    return Math.abs(unit - before) == 1
        && isHigh(Math.min(unit, before))
        && isLow(Math.max(unit, before));
  }

  private boolean isPaired(int first, int count) {
    boolean open = false;
    for (int i = first; i < first + count; i++) {
      if (isLow(i) != open) {
        return false;
      }
      open = isHigh(i);
    }
    return !open;
  }

  private boolean isHigh(int unit) {
    return Character.isHighSurrogate(contents.text.charAt(unit));
  }

  private boolean isLow(int unit) {
    return Character.isLowSurrogate(contents.text.charAt(unit));
  }
}
