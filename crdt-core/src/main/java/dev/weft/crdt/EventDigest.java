package dev.weft.crdt;

/**
 * The digest of one replica's events from its first on: a number that two who have the same events
 * under its id agree on, and two who have others, practically never. It is found event by event, so
 * it goes on from any event whose digest is known. See {@code docs/FORMAT.md}, "Digests". It tells
 * accidents, such as a copied device, not malice. Not thread-safe.
 */
final class EventDigest implements OperationSink {
  /** The digest of no events. */
  static final int NONE = 0;

  // Odd and with bits all over, so that what differs in one place differs in all of the number.
  private static final int STEP = 0x93d765dd;
  // Its powers, and the sum of those below the fourth.
  private static final int STEP_2 = 0x0fbe20c9;
  private static final int STEP_3 = 0x8de09a85;
  private static final int STEP_4 = 0x3c8eddd1;
  private static final int FOUR_STEPS = 0x3176212c;
  private static final int LETTER = 0x3c6ef35f;
  private static final int LEFT = 0x27d4eb2f;
  private static final int RIGHT = 0x165667b3;
  private static final int TARGET = 0x85ebca6b;
  private static final int DEPENDENCY = 0x2545f491;
  private static final int SEQUENCE = 0x2c1b3c6d;
  // TARGET * SEQUENCE: by how much the next target is more.
  private static final int NEXT_TARGET = 0x061f438f;
  private static final long REPLICA = 0x9e3779b97f4a7c15L;
  private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_2 = 0x94d049bb133111ebL;
  // Instead of a unit's name.
  private static final int NOWHERE = 0x61c88647;
  // Added to what is said of an event, by its kind.
  private static final int INSERT = 0x1b56c4e9;
  private static final int INSERT_NEXT = 0x5f356495;
  private static final int DELETE = 0x32c2e389;
  private static final int RESTORE = 0x71d67fff;
  private static final int NAME = 0x0c5d3a97;

  private final DigestTrail trail;
  private long replica;
  private int sequence;
  private int value;

  EventDigest() {
    this(DigestTrail.none());
  }

  /** Creates one that leaves the digest after each event in a trail, as long as that is on. */
  EventDigest(DigestTrail trail) {
    this.trail = trail;
  }

  /** Begins with a replica's event of which the digest of those before is known. */
  void begin(long newReplica, int newSequence, int before) {
    replica = newReplica;
    sequence = newSequence;
    value = before;
  }

  /** Says what the next event depends on, besides the replica's own one before, in any order. */
  void dependOn(EventList dependencies) {
    int sum = 0;
    for (int i = 0; i < dependencies.size(); i++) {
      sum += dependency(dependencies.replica(i), dependencies.sequence(i), dependencies.digest(i));
    }
    dependOn(sum);
  }

  /** Says what the next event depends on by the sum of its {@link #dependency dependencies}. */
  void dependOn(int sum) {
    value += sum;
  }

  /**
   * Returns what is added to a digest for an event that the next one depends on.
   *
   * @param digest that of its replica's events up to it
   */
  static int dependency(long onReplica, int onSequence, int digest) {
    // Mixed, so that sums of those that are apart by the same numbers differ.
    int mixed = DEPENDENCY * nameOf(onReplica, onSequence) + digest;
    mixed = TARGET * (mixed ^ mixed >>> 15);
    return mixed ^ mixed >>> 13;
  }

  /**
   * Returns what is added to the digest of a version for one of its replicas, mixed as by
   * SplitMix64.
   *
   * @param digest that of the replica's first {@code next} events
   */
  static long ofReplica(long replica, int next, int digest) {
    long mixed = replica + REPLICA * next ^ MIX_1 * Integer.toUnsignedLong(digest);
    mixed = MIX_1 * (mixed ^ mixed >>> 30);
    mixed = MIX_2 * (mixed ^ mixed >>> 27);
    return mixed ^ mixed >>> 31;
  }

  /** Returns the digest of the events so far. */
  int value() {
    return value;
  }

  /** Returns the sequence number of the event that comes next. */
  int sequence() {
    return sequence;
  }

  @Override
  public void insert(EventName left, EventName right, char[] text, int start, int end, int at) {
    int behind = RIGHT * nameOf(right);
    boolean next = sequence > 0 && left.sequence == sequence - 1 && left.replica == replica;
    int first = next ? INSERT_NEXT + behind : INSERT + LEFT * nameOf(left) + behind;
    value = STEP * value + first + LETTER * text[start];
    int kept = trail.reserve(end - start);
    if (kept == DigestTrail.OFF) {
      value = addLetters(value, INSERT_NEXT + behind, text, start + 1, end);
    } else {
      keepLetters(INSERT_NEXT + behind, text, start + 1, end, kept);
    }
    sequence += end - start;
  }

  private static int addLetters(int before, int each, char[] text, int start, int end) {
    int digest = before;
    int i = start;
    // By fours, which do not wait for each other.
    for (; i + 3 < end; i += 4) {
      int letters = STEP_3 * text[i] + STEP_2 * text[i + 1] + STEP * text[i + 2] + text[i + 3];
      digest = STEP_4 * digest + FOUR_STEPS * each + LETTER * letters;
    }
    for (; i < end; i++) {
      digest = STEP * digest + each + LETTER * text[i];
    }
    return digest;
  }

  private void keepLetters(int each, char[] text, int start, int end, int keptAt) {
    int[] values = trail.values();
    int digest = value;
    int kept = keptAt;
    values[kept++] = digest;
    for (int i = start; i < end; i++) {
      digest = STEP * digest + each + LETTER * text[i];
      values[kept++] = digest;
    }
    value = digest;
  }

  @Override
  public void delete(EventName target, int count, boolean backward, int at) {
    int step = backward ? -NEXT_TARGET : NEXT_TARGET;
    add(DELETE + TARGET * nameOf(target), step, count);
  }

  @Override
  public void restore(EventName first, int count, int at) {
    add(RESTORE + TARGET * nameOf(first), NEXT_TARGET, count);
  }

  @Override
  public void name(String name, int at) {
    int letters = 0;
    for (int i = 0; i < name.length(); i++) {
      letters = STEP * letters + name.charAt(i) + 1;
    }
    add(NAME + LETTER * letters, 0, 1);
  }

  private static int nameOf(EventName name) {
    return name.isNone() ? NOWHERE : nameOf(name.replica, name.sequence);
  }

  private static int nameOf(long ofReplica, int ofSequence) {
    return (int) ((ofReplica * REPLICA) >>> 32) + SEQUENCE * ofSequence;
  }

  /** Adds events that are said by {@code first}, {@code first + step} and so on. */
  private void add(int first, int step, int count) {
    int kept = trail.reserve(count);
    if (kept == DigestTrail.OFF) {
      addAll(first, step, count);
    } else {
      int[] values = trail.values();
      int said = first;
      for (int i = kept; i < kept + count; i++) {
        value = STEP * value + said;
        values[i] = value;
        said += step;
      }
    }
    sequence += count;
  }

  /** Adds events as {@link #add} does, in O(log count): a few bytes can delete much. */
  private void addAll(int first, int step, int count) {
    // What n events do is: value becomes power * value + ofFirst * first + ofStep * step.
    int power = 1;
    int ofFirst = 0;
    int ofStep = 0;
    int n = 0;
    for (int bit = 31 - Integer.numberOfLeadingZeros(count); bit >= 0; bit--) {
      ofStep += power * ofStep + n * ofFirst;
      ofFirst += power * ofFirst;
      power *= power;
      n *= 2;
      if ((count >>> bit & 1) != 0) {
        ofStep = STEP * ofStep + n;
        ofFirst = STEP * ofFirst + 1;
        power *= STEP;
        n++;
      }
    }
    value = power * value + ofFirst * first + ofStep * step;
  }
}
