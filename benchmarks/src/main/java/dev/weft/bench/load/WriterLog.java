package dev.weft.bench.load;

import java.util.Arrays;

/**
 * When one writer's edits were due, and in which messages they went: a reader that has so many
 * events of the writer has the edits of all messages up to there. Confined to the loop.
 */
final class WriterLog {
  private final long writer;
  private long[] dueNanos = new long[1 << 10];
  private int edits;
  private int[] messageEnds = new int[1 << 10];
  private long[] messageEvents = new long[1 << 10];
  private int messages;
  private long[] caretNanos = new long[1 << 6];
  private int carets;

  WriterLog(long writer) {
    this.writer = writer;
  }

  /** Returns the id that the writer writes under. */
  long writer() {
    return writer;
  }

  /** An edit is made that was due then. */
  void typed(long due) {
    if (edits == dueNanos.length) {
      dueNanos = Arrays.copyOf(dueNanos, 2 * edits);
    }
    dueNanos[edits++] = due;
  }

  /** All edits so far are sent; who has them has so many events. */
  void sent(long events) {
    if (messages == messageEnds.length) {
      messageEnds = Arrays.copyOf(messageEnds, 2 * messages);
      messageEvents = Arrays.copyOf(messageEvents, 2 * messages);
    }
    messageEnds[messages] = edits;
    messageEvents[messages++] = events;
  }

  int edits() {
    return edits;
  }

  long dueNanos(int edit) {
    return dueNanos[edit];
  }

  /** Returns how many edits are not sent. */
  int unsent() {
    return edits - (messages == 0 ? 0 : messageEnds[messages - 1]);
  }

  int messages() {
    return messages;
  }

  /** Returns the number of the edit after a message's last. */
  int messageEnd(int message) {
    return messageEnds[message];
  }

  /** Returns how many events whoever has a message has. */
  long messageEvents(int message) {
    return messageEvents[message];
  }

  /** The caret is shown; returns the showing's number, from 1. */
  int caretShown(long nowNanos) {
    if (carets == caretNanos.length) {
      caretNanos = Arrays.copyOf(caretNanos, 2 * carets);
    }
    caretNanos[carets++] = nowNanos;
    return carets;
  }

  /** Returns when the caret was shown for the number. */
  long caretNanos(long number) {
    return caretNanos[(int) number - 1];
  }

  int carets() {
    return carets;
  }
}
