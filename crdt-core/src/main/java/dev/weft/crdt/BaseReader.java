package dev.weft.crdt;

import java.util.Arrays;

/**
 * Reads what {@link BaseWriter} wrote, and makes of it the first events, units and spans of {@link
 * Contents}, every number checked. Not thread-safe.
 */
final class BaseReader {
  private static final int NONE = OperationLog.NONE;
  private static final int[] NOTHING = {};

  private final Contents contents;
  private final String text;
  private final int[] nexts;
  private final RangeDecoder coder;
  private final BaseModel model;
  private final int stretchCount;

  // By stretch, in the order of the text: its name, its length, where its text begins.
  private final int[] replicas;
  private final int[] sequences;
  private final int[] lengths;
  private final int[] textStarts;
  // By gap, before the stretch of that number and at the end: the name of what stood there.
  private final int[] gapReplicas;
  private final int[] gapSequences;
  private final int[] expected;
  private int replicaBefore;
  // By stretch: the number of its first unit.
  private final int[] firsts;

  private BaseReader(ByteReader in, Contents contents, String text, int[] nexts)
      throws MalformedUpdateException {
    this.contents = contents;
    this.text = text;
    this.nexts = nexts;
    stretchCount = in.readInt("stretch count", text.length());
    coder = Expansion.HISTORY.read(in, "base", stretchCount).rangeDecoder();
    model = new BaseModel(coder);
    replicas = new int[stretchCount];
    sequences = new int[stretchCount];
    lengths = new int[stretchCount];
    textStarts = new int[stretchCount];
    firsts = new int[stretchCount];
    gapReplicas = new int[stretchCount + 1];
    gapSequences = new int[stretchCount + 1];
    expected = new int[nexts.length];
  }

  /**
   * Reads a base into empty contents.
   *
   * @param nexts by replica, all of them in the history already: how many events it had done
   * @param digests by replica: their digest
   * @param head the replica whose last event all later ones come after
   */
  static void read(
      ByteReader in, Contents contents, String text, int[] nexts, int[] digests, int head)
      throws MalformedUpdateException {
    BaseReader reader = new BaseReader(in, contents, text, nexts);
    reader.readStretches();
    reader.fill(digests, head);
  }

  private void readStretches() throws MalformedUpdateException {
    int at = 0;
    for (int i = 0; i < stretchCount; i++) {
      readGap(i);
      replicas[i] = readReplica();
      int next = nexts[replicas[i]];
      sequences[i] = readSequence(false, replicas[i]);
      int most = Math.min(text.length() - at, next - sequences[i]);
      lengths[i] = model.length(1);
      if (lengths[i] < 1 || lengths[i] > most) {
        throw coder.malformed("a stretch of 1 to " + most + " units", lengths[i] + " units");
      }
      textStarts[i] = at;
      at += lengths[i];
      expected[replicas[i]] = sequences[i] + lengths[i];
      if (Character.isLowSurrogate(text.charAt(textStarts[i]))) {
        throw coder.malformed("whole surrogate pairs", "stretch " + i + " parts one");
      }
    }
    readGap(stretchCount);
    if (at != text.length()) {
      throw coder.malformed(text.length() + " units in all stretches", at + " units");
    }
    coder.requireRestZeros();
  }

  private void readGap(int before) throws MalformedUpdateException {
    gapReplicas[before] = NONE;
    if (model.gap(false)) {
      int replica = readReplica();
      gapReplicas[before] = replica;
      gapSequences[before] = readSequence(true, replica);
      expected[replica] = gapSequences[before] + 1;
    }
  }

  private int readReplica() throws MalformedUpdateException {
    int replica = model.replica(replicaBefore, 0);
    if (replica < 0 || replica >= nexts.length) {
      throw coder.malformed("a replica below " + nexts.length, Integer.toString(replica));
    }
    replicaBefore = replica;
    return replica;
  }

  private int readSequence(boolean gap, int replica) throws MalformedUpdateException {
    long sequence = model.sequence(gap, expected[replica], 0);
    if (sequence < 0 || sequence >= nexts[replica]) {
      throw coder.malformed("a sequence number below " + nexts[replica], Long.toString(sequence));
    }
    return (int) sequence;
  }

  /** Makes the events, replica by replica, the units and their order. */
  private void fill(int[] digests, int head) throws MalformedUpdateException {
    Integer[] byName = new Integer[stretchCount];
    Arrays.setAll(byName, i -> i);
    Arrays.sort(
        byName,
        (a, b) ->
            replicas[a] == replicas[b]
                ? Integer.compare(sequences[a], sequences[b])
                : Integer.compare(replicas[a], replicas[b]));
    numberUnits(byName);
    requireDeletedInGaps(byName);
    CausalHistory history = contents.history;
    OperationLog log = contents.log;
    char[] units = new char[text.length()];
    int at = 0;
    for (int replica = 0; replica < nexts.length; replica++) {
      history.appendRemote(replica, NOTHING, NOTHING, NOTHING, 0, nexts[replica]);
      int sequence = 0;
      for (; at < stretchCount && replicas[byName[at]] == replica; at++) {
        int stretch = byName[at];
        log.appendForgotten(sequences[stretch] - sequence);
        int before = stretch == 0 ? NONE : firsts[stretch - 1] + lengths[stretch - 1] - 1;
        log.appendInsert(before, NONE, lengths[stretch]);
        sequence = sequences[stretch] + lengths[stretch];
        int start = textStarts[stretch];
        text.getChars(start, start + lengths[stretch], units, firsts[stretch]);
      }
      log.appendForgotten(nexts[replica] - sequence);
    }
    contents.text.append(units, 0, units.length);
    HistoryBase base = base(digests, head);
    history.close(base);
    log.begin(base);
    contents.tree.fillBase(new Order());
  }

  /** Numbers the units by their names, of which none may come twice. */
  private void numberUnits(Integer[] byName) throws MalformedUpdateException {
    int unit = 0;
    for (int i = 0; i < stretchCount; i++) {
      int stretch = byName[i];
      if (i > 0) {
        int before = byName[i - 1];
        if (replicas[before] == replicas[stretch]
            && sequences[before] + lengths[before] > sequences[stretch]) {
          throw coder.malformed("each unit once", "one of replica " + replicas[stretch] + " twice");
        }
      }
      firsts[stretch] = unit;
      unit += lengths[stretch];
    }
  }

  /** Requires that the gaps name units that are not visible, each once. */
  private void requireDeletedInGaps(Integer[] byName) throws MalformedUpdateException {
    long[] names = new long[stretchCount + 1];
    int count = 0;
    for (int gap = 0; gap <= stretchCount; gap++) {
      if (gapReplicas[gap] != NONE) {
        names[count++] = (long) gapReplicas[gap] << 32 | gapSequences[gap];
      }
    }
    Arrays.sort(names, 0, count);
    int at = 0;
    for (int i = 0; i < count; i++) {
      // The first stretch that ends behind it.
      while (at < stretchCount && nameBehind(byName[at]) <= names[i]) {
        at++;
      }
      boolean isVisible =
          at < stretchCount && nameBehind(byName[at]) - lengths[byName[at]] <= names[i];
      if (isVisible || (i > 0 && names[i - 1] == names[i])) {
        throw coder.malformed(
            "a deleted unit in each gap, another one",
            "unit " + (int) names[i] + " of replica " + (names[i] >> 32) + " again");
      }
    }
  }

  /** Returns the name behind a stretch as a number. */
  private long nameBehind(int stretch) {
    return ((long) replicas[stretch] << 32) + sequences[stretch] + lengths[stretch];
  }

  private HistoryBase base(int[] digests, int head) {
    int count = 0;
    int gapCount = 0;
    int[] ends = new int[stretchCount];
    for (int i = 0; i < stretchCount; i++) {
      ends[i] = firsts[i] + lengths[i] - 1;
    }
    long[] endsWithFollowers = new long[stretchCount];
    for (int i = 0; i < stretchCount; i++) {
      int follower = i + 1 < stretchCount ? firsts[i + 1] : NONE;
      if (follower != ends[i] + 1) {
        endsWithFollowers[count++] = (long) ends[i] << 32 | (follower & 0xffffffffL);
      }
      gapCount += gapReplicas[i] == NONE ? 0 : 1;
    }
    gapCount += gapReplicas[stretchCount] == NONE ? 0 : 1;
    Arrays.sort(endsWithFollowers, 0, count);
    int[] sortedEnds = new int[count];
    int[] followers = new int[count];
    for (int i = 0; i < count; i++) {
      sortedEnds[i] = (int) (endsWithFollowers[i] >> 32);
      followers[i] = (int) endsWithFollowers[i];
    }
    long[] gapsWithStretches = new long[gapCount];
    int gap = 0;
    for (int i = 0; i <= stretchCount; i++) {
      if (gapReplicas[i] != NONE) {
        int unit = i < stretchCount ? firsts[i] : text.length();
        gapsWithStretches[gap++] = (long) unit << 32 | i;
      }
    }
    Arrays.sort(gapsWithStretches);
    int[] gaps = new int[gapCount];
    long[] gapNames = new long[gapCount];
    int[] gapNumbers = new int[gapCount];
    for (int i = 0; i < gapCount; i++) {
      int stretch = (int) gapsWithStretches[i];
      gaps[i] = (int) (gapsWithStretches[i] >> 32);
      gapNames[i] = contents.history.replicaId(gapReplicas[stretch]);
      gapNumbers[i] = gapSequences[stretch];
    }
    int first = stretchCount == 0 ? NONE : firsts[0];
    int headEvent = contents.history.event(head, nexts[head] - 1);
    return new HistoryBase(
        nexts,
        digests,
        headEvent,
        first,
        sortedEnds,
        followers,
        gaps,
        gapNames,
        gapNumbers,
        text.length());
  }

  /** The stretches as spans: each unit a right child of the one before in the text. */
  private final class Order implements SpanSource {
    @Override
    public void moveTo(SpanNodes nodes) {
      int[] leaves = new int[stretchCount];
      int depth = FugueTree.ROOT_RIGHT + 1;
      for (int i = 0; i < stretchCount; i++) {
        leaves[i] = nodes.append(firsts[i], lengths[i], depth, FugueTree.ROOT_LEFT);
        depth += lengths[i];
      }
      Integer[] byUnit = new Integer[stretchCount];
      Arrays.setAll(byUnit, i -> i);
      Arrays.sort(byUnit, (a, b) -> Integer.compare(firsts[a], firsts[b]));
      for (int i : byUnit) {
        nodes.appendIndex(firsts[i], lengths[i], leaves[i]);
      }
      nodes.growUp();
    }

    @Override
    public int unitCount() {
      return text.length();
    }

    @Override
    public UnitSet deleted() {
      return new UnitSet();
    }
  }
}
