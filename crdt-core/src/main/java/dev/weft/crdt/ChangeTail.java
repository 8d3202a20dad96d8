package dev.weft.crdt;

/**
 * Passes a change on without its first events. If those end inside a surrogate pair, what it passes
 * on is of no use, and it says so. Not thread-safe.
 */
final class ChangeTail implements ChangeSink {
  private final ChangeSink target;
  private final EventList noDependencies = new EventList();
  private int known;
  private long replica;
  private int sequence;
  private boolean partsPair;

  ChangeTail(ChangeSink target, int known) {
    this.target = target;
    this.known = known;
  }

  @Override
  public void change(long newReplica, int newSequence, EventList dependencies, int at)
      throws MalformedUpdateException {
    replica = newReplica;
    sequence = newSequence + known;
    target.change(newReplica, sequence, known == 0 ? dependencies : noDependencies, at);
  }

  @Override
  public void insert(
      long leftReplica,
      int leftSequence,
      long rightReplica,
      int rightSequence,
      char[] text,
      int start,
      int end,
      int at)
      throws MalformedUpdateException {
    int passed = Math.min(known, end - start);
    known -= passed;
    if (passed == end - start) {
      return;
    }
    if (passed > 0 && Character.isLowSurrogate(text[start + passed])) {
      partsPair = true;
    } else if (passed == 0) {
      target.insert(leftReplica, leftSequence, rightReplica, rightSequence, text, start, end, at);
    } else {
      target.insert(
          replica, sequence - 1, rightReplica, rightSequence, text, start + passed, end, at);
    }
    sequence += end - start - passed;
  }

  @Override
  public void delete(long targetReplica, int targetSequence, int count, boolean backward, int at)
      throws MalformedUpdateException {
    int passed = Math.min(known, count);
    known -= passed;
    if (passed < count) {
      int first = targetSequence + (backward ? -passed : passed);
      target.delete(targetReplica, first, count - passed, backward, at);
      sequence += count - passed;
    }
  }

  @Override
  public void endChange(int at) throws MalformedUpdateException {
    target.endChange(at);
  }

  /** Returns whether the events left out end inside a surrogate pair. */
  boolean partsPair() {
    return partsPair;
  }
}
