package dev.weft.crdt;

/**
 * What a snapshot says of runs and operations, and in which contexts it is coded; see {@code
 * docs/FORMAT.md}, "History". Serves both sides: an encoder is given what each method returns, a
 * decoder anything. Not thread-safe.
 *
 * <p>Positions are told as a person at the keyboard makes them: as moves of a caret over the
 * visible text, from where the same replica's last operation left it. So typing, deleting behind
 * and deleting ahead cost next to nothing, and a jump costs its distance.
 */
final class HistoryModel {
  static final int INSERT = 0;
  static final int DELETE_BACKWARD = 1;
  static final int DELETE_FORWARD = 2;
  static final int RESTORE = 3;
  private static final int KINDS = 4;
  private static final int KIND_BITS = 2;

  /** Told apart in the length of an operation, as a context of what follows it: four magnitudes. */
  private static final int SIZES = 4;

  // Flags, each with room for its contexts.
  private static final int KIND = 0;
  private static final int VISIBLE = KIND + KINDS * KINDS;
  private static final int AT_CARET = VISIBLE + KINDS * KINDS;
  private static final int LEFTWARDS = AT_CARET + KINDS * KINDS * SIZES;
  private static final int RIGHT_IS_NEXT = LEFTWARDS + KINDS * KINDS;
  private static final int RIGHT_IS_END = RIGHT_IS_NEXT + 1;
  private static final int STRETCH = RIGHT_IS_END + 1;
  private static final int REST = STRETCH + KINDS * KINDS * 4;
  private static final int KNOWN_REPLICA = REST + KINDS * KINDS * 2;
  private static final int RUN_END = KNOWN_REPLICA + 1;
  private static final int RESTORES_OWN = RUN_END + 1;
  private static final int IS_NAME = RESTORES_OWN + 1;
  private static final int FLAGS = IS_NAME + 1;

  // Numbers, likewise.
  private static final int DISTANCE = 0;
  private static final int LENGTH = DISTANCE + KINDS * KINDS * 2;
  private static final int UNIT = LENGTH + KINDS * KINDS * 2;
  private static final int RIGHT = UNIT + 2;
  private static final int REPLICA = RIGHT + 1;
  private static final int DEPENDENCIES = REPLICA + 1;
  private static final int RUNS_BACK = DEPENDENCIES + 2;
  private static final int EVENTS_BACK = RUNS_BACK + 1;
  private static final int RUN_LENGTH = EVENTS_BACK + 1;
  private static final int RUN_LENGTHS = 9;
  private static final int RESTORED = RUN_LENGTH + RUN_LENGTHS;
  private static final int NUMBERS = RESTORED + 2;

  private final BinaryCoder coder;
  private final int[] flags = BitStates.create(FLAGS);
  private final NumberModel numbers = new NumberModel(NUMBERS);

  private boolean lastWasStretch;

  HistoryModel(BinaryCoder coder) {
    this.coder = coder;
  }

  // --- Runs ---

  /** Codes whether a run's replica has had one before. */
  boolean knownReplica(boolean known) {
    return coder.flag(flags, KNOWN_REPLICA, known);
  }

  /** Codes by how many a replica's number is above the one before, around the end of the table. */
  int replicaStep(int step) {
    return numbers.code(coder, REPLICA, step);
  }

  /** Codes how many dependencies a run has. */
  int dependencyCount(boolean sameReplica, int count) {
    return numbers.code(coder, DEPENDENCIES + (sameReplica ? 1 : 0), count);
  }

  /** Codes how many runs lie between a run and the one that it depends on. */
  int runsBetween(int runs) {
    return numbers.code(coder, RUNS_BACK, runs);
  }

  /** Codes how many events of the run depended on are left out, most often none. */
  int eventsLeftOut(int events) {
    if (coder.flag(flags, RUN_END, events == 0)) {
      return 0;
    }
    return 1 + numbers.code(coder, EVENTS_BACK, events - 1);
  }

  /**
   * Codes a run's length, at least 1, where {@code before} was that of the replica's run before.
   */
  int runLength(int before, int length) {
    int size = Math.min(RUN_LENGTHS - 1, 32 - Integer.numberOfLeadingZeros(before));
    return 1 + numbers.code(coder, RUN_LENGTH + size, length - 1);
  }

  // --- Operations ---

  /** What is known of a replica's operation before: the context of its next one. */
  static final class Habit {
    private int kind;
    private int size;

    private int of(int nextKind) {
      return nextKind * KINDS + kind;
    }

    /** Says what the operation was. */
    void set(int newKind, int length) {
      kind = newKind;
      size = Math.min(SIZES - 1, 32 - Integer.numberOfLeadingZeros(length));
    }
  }

  /** Codes what kind of operation comes. */
  int kind(Habit habit, int kind) {
    return coder.tree(flags, KIND + habit.kind * KINDS, KIND_BITS, kind);
  }

  /** Codes whether the place is told by visible text: if not, by {@link #unitStep}. */
  boolean visible(Habit habit, int kind, boolean visible) {
    return coder.flag(flags, VISIBLE + habit.of(kind), visible);
  }

  /** Codes by how many visible units the caret moves, positive to the right. */
  int move(Habit habit, int kind, int units) {
    int context = habit.of(kind);
    if (coder.flag(flags, AT_CARET + context * SIZES + habit.size, units == 0)) {
      return 0;
    }
    boolean leftwards = coder.flag(flags, LEFTWARDS + context, units < 0);
    int distance =
        1 + numbers.code(coder, DISTANCE + context * 2 + (leftwards ? 1 : 0), Math.abs(units) - 1);
    return leftwards ? -distance : distance;
  }

  /** Codes the difference of two unit numbers, positive upwards. */
  int unitStep(int step) {
    boolean down = coder.flag(flags, LEFTWARDS + KINDS * KINDS - 1, step < 0);
    int distance = numbers.code(coder, UNIT + (down ? 1 : 0), down ? ~step : step);
    return down ? ~distance : distance;
  }

  /** Codes whether an insert's origin right is the unit that stands behind its origin left. */
  boolean rightIsNext(boolean next) {
    return coder.flag(flags, RIGHT_IS_NEXT, next);
  }

  boolean rightIsEnd(boolean end) {
    return coder.flag(flags, RIGHT_IS_END, end);
  }

  /** Codes how many unit numbers an insert's origin right lies below its first unit, less one. */
  int rightDistance(int distance) {
    return numbers.code(coder, RIGHT, distance);
  }

  /** Codes whether what is coded as a restore is the naming of a version. */
  boolean isName(boolean name) {
    return coder.flag(flags, IS_NAME, name);
  }

  /** Codes whether a restore takes back deletes of the replica that makes it. */
  boolean restoresOwn(boolean own) {
    return coder.flag(flags, RESTORES_OWN, own);
  }

  /** Codes how many later events the replica of the first delete taken back has so far. */
  int restoredDistance(boolean own, int events) {
    return numbers.code(coder, RESTORED + (own ? 1 : 0), events);
  }

  /** Codes whether a deletion goes as far as the visible units of one stretch do. */
  boolean wholeStretch(Habit habit, int kind, boolean moved, boolean whole) {
    int context = (habit.of(kind) * 2 + (moved ? 1 : 0)) * 2 + (lastWasStretch ? 1 : 0);
    lastWasStretch = coder.flag(flags, STRETCH + context, whole);
    return lastWasStretch;
  }

  /** Codes an operation's length from 1 to {@code rest}, the events left in its run. */
  int length(Habit habit, int kind, boolean moved, int rest, int length) {
    if (rest == 1) {
      return 1;
    }
    int context = habit.of(kind) * 2 + (moved ? 1 : 0);
    if (coder.flag(flags, REST + context, length == rest)) {
      return rest;
    }
    return 1 + numbers.code(coder, LENGTH + context, length - 1);
  }
}
