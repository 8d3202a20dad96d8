package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes one change of those that one replica made directly after one another, and one operation of
 * the keystrokes that typed a word. The events stay what they were, one by one. Not thread-safe.
 */
final class ChangeJoiner implements ChangeSink {
  private final List<Change> joined = new ArrayList<>();
  private ChangeWriter current = new ChangeWriter();
  private boolean isOpen;
  private long replica;
  private int next;

  // The operation that may go on: text that is inserted, or units that are deleted.
  private final StringBuilder text = new StringBuilder();
  private final EventName left = new EventName();
  private final EventName right = new EventName();
  private final EventName firstDeleted = new EventName();
  private int deletedCount;
  private boolean deletedBackward;

  /** Returns the changes, and ends. */
  List<Change> finish(int at) {
    endOpen(at);
    return joined;
  }

  @Override
  public void change(long newReplica, int sequence, int digest, EventList dependencies, int at) {
    if (isOpen && newReplica == replica && sequence == next && dependencies.size() == 0) {
      return;
    }
    endOpen(at);
    current = new ChangeWriter();
    current.change(newReplica, sequence, digest, dependencies, at);
    isOpen = true;
    replica = newReplica;
    next = sequence;
  }

  /** The next change may go on with this one. */
  @Override
  public void endChange(int at) {}

  private void endOpen(int at) {
    if (isOpen) {
      endOperation(at);
      current.endChange(at);
      joined.add(current.toChange());
      isOpen = false;
    }
  }

  private void endOperation(int at) {
    if (text.length() > 0) {
      char[] units = new char[text.length()];
      text.getChars(0, units.length, units, 0);
      current.insert(left, right, units, 0, units.length, at);
      text.setLength(0);
    }
    if (deletedCount > 0) {
      current.delete(firstDeleted, deletedCount, deletedBackward, at);
      deletedCount = 0;
    }
  }

  @Override
  public void insert(
      EventName newLeft, EventName newRight, char[] inserted, int start, int end, int at) {
    boolean goesOn =
        text.length() > 0
            && newLeft.replica == replica
            && newLeft.sequence == next - 1
            && newRight.replica == right.replica
            && newRight.sequence == right.sequence;
    if (!goesOn) {
      endOperation(at);
      left.set(newLeft.replica, newLeft.sequence);
      right.set(newRight.replica, newRight.sequence);
    }
    text.append(inserted, start, end - start);
    next += end - start;
  }

  @Override
  public void delete(EventName target, int count, boolean backward, int at) {
    boolean forwardOnly = count > 1 && !backward;
    boolean backwardOnly = count > 1 && backward;
    if (deletedCount > 0 && target.replica == firstDeleted.replica) {
      boolean wasForwardOnly = deletedCount > 1 && !deletedBackward;
      boolean wasBackwardOnly = deletedCount > 1 && deletedBackward;
      int gone = target.sequence - firstDeleted.sequence;
      boolean goesForward = gone == deletedCount && !wasBackwardOnly && !backwardOnly;
      boolean goesBackward = gone == -deletedCount && !wasForwardOnly && !forwardOnly;
      if (goesForward || goesBackward) {
        deletedBackward = goesBackward;
        deletedCount += count;
        next += count;
        return;
      }
    }
    endOperation(at);
    firstDeleted.set(target.replica, target.sequence);
    deletedCount = count;
    deletedBackward = backward;
    next += count;
  }

  @Override
  public void restore(EventName first, int count, int at) {
    endOperation(at);
    current.restore(first, count, at);
    next += count;
  }

  @Override
  public void name(String name, int at) {
    endOperation(at);
    current.name(name, at);
    next++;
  }
}
