package dev.weft.crdt;

/**
 * Passes a change on without its first events. If those end inside a surrogate pair, what it passes
 * on is of no use, and it says so. Not thread-safe.
 */
final class ChangeTail implements ChangeSink {
  private final ChangeSink target;
  private final EventList noDependencies = new EventList();
  private final EventName name = new EventName();
  private final EventDigest digest = new EventDigest();
  private EventList dependencies = noDependencies;
  private int known;
  private long replica;
  private int sequence;
  private boolean isBegun;
  private boolean partsPair;

  ChangeTail(ChangeSink target, int known) {
    this.target = target;
    this.known = known;
  }

  @Override
  public void change(
      long newReplica, int newSequence, int newDigest, EventList newDependencies, int at)
      throws MalformedUpdateException {
    replica = newReplica;
    sequence = newSequence + known;
    digest.begin(newReplica, newSequence, newDigest);
    if (known > 0) {
      digest.dependOn(newDependencies);
    }
    dependencies = known == 0 ? newDependencies : noDependencies;
    isBegun = false;
  }

  /** Begins the change once the digest of what is left out is known. */
  private void begin(int at) throws MalformedUpdateException {
    if (!isBegun) {
      target.change(replica, sequence, digest.value(), dependencies, at);
      isBegun = true;
    }
  }

  @Override
  public void insert(EventName left, EventName right, char[] text, int start, int end, int at)
      throws MalformedUpdateException {
    int passed = Math.min(known, end - start);
    known -= passed;
    if (passed > 0) {
      digest.insert(left, right, text, start, start + passed, at);
    }
    if (passed == end - start) {
      return;
    }
    begin(at);
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
    if (passed > 0) {
      digest.delete(first, passed, backward, at);
    }
    if (passed < count) {
      begin(at);
      name.set(first.replica, first.sequence + (backward ? -passed : passed));
      target.delete(name, count - passed, backward, at);
      sequence += count - passed;
    }
  }

  @Override
  public void restore(EventName first, int count, int at) throws MalformedUpdateException {
    int passed = Math.min(known, count);
    known -= passed;
    if (passed > 0) {
      digest.restore(first, passed, at);
    }
    if (passed < count) {
      begin(at);
      name.set(first.replica, first.sequence + passed);
      target.restore(name, count - passed, at);
      sequence += count - passed;
    }
  }

  @Override
  public void name(String given, int at) throws MalformedUpdateException {
    if (known > 0) {
      known--;
      digest.name(given, at);
    } else {
      begin(at);
      target.name(given, at);
      sequence++;
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
