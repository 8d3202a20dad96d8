package dev.weft.crdt;

/**
 * Passes a change on without its first events. If those end inside a surrogate pair, what it passes
 * on is of no use, and it says so. Not thread-safe.
 */
final class ChangeTail implements ChangeSink {
  private final ChangeSink target;
  private final EventList noDependencies = new EventList();
  private final EventName name = new EventName();
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
  public void insert(EventName left, EventName right, char[] text, int start, int end, int at)
      throws MalformedUpdateException {
    int passed = Math.min(known, end - start);
    known -= passed;
    if (passed == end - start) {
      return;
    }
    if (passed > 0 && Character.isLowSurrogate(text[start + passed])) {
      partsPair = true;
    } else if (passed == 0) {
      target.insert(left, right, text, start, end, at);
    } else {
      name.set(replica, sequence - 1);
      target.insert(name, right, text, start + passed, end, at);
    }
    sequence += end - start - passed;
  }

  @Override
  public void delete(EventName first, int count, boolean backward, int at)
      throws MalformedUpdateException {
    int passed = Math.min(known, count);
    known -= passed;
    if (passed < count) {
      name.set(first.replica, first.sequence + (backward ? -passed : passed));
      target.delete(name, count - passed, backward, at);
      sequence += count - passed;
    }
  }

  @Override
  public void restore(EventName first, int count, int at) throws MalformedUpdateException {
    int passed = Math.min(known, count);
    known -= passed;
    if (passed < count) {
      name.set(first.replica, first.sequence + passed);
      target.restore(name, count - passed, at);
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
