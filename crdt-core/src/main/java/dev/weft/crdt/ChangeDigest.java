package dev.weft.crdt;

/** Finds the digest of a replica's events up to one of a change, from that change's own bytes. */
final class ChangeDigest implements ChangeSink {
  private final EventDigest digest = new EventDigest();
  // How many of the change's events are still to be told.
  private int left;

  private ChangeDigest(int events) {
    left = events;
  }

  /**
   * Returns the digest of the replica's events up to the first {@code events} of a change.
   *
   * @param events at least one, and no more than the change has
   */
  static int after(Change change, int events) {
    ChangeDigest sink = new ChangeDigest(events);
    change.readOwn(sink);
    return sink.digest.value();
  }

  @Override
  public void change(long replica, int sequence, int before, EventList dependencies, int at) {
    digest.begin(replica, sequence, before);
    digest.dependOn(dependencies);
  }

  @Override
  public void insert(
      EventName leftName, EventName rightName, char[] text, int start, int end, int at) {
    int told = Math.min(left, end - start);
    if (told > 0) {
      digest.insert(leftName, rightName, text, start, start + told, at);
      left -= told;
    }
  }

  @Override
  public void delete(EventName first, int count, boolean backward, int at) {
    int told = Math.min(left, count);
    if (told > 0) {
      digest.delete(first, told, backward, at);
      left -= told;
    }
  }

  @Override
  public void restore(EventName first, int count, int at) {
    int told = Math.min(left, count);
    if (told > 0) {
      digest.restore(first, told, at);
      left -= told;
    }
  }

  @Override
  public void name(String name, int at) {
    if (left > 0) {
      digest.name(name, at);
      left--;
    }
  }

  @Override
  public void endChange(int at) {}
}
