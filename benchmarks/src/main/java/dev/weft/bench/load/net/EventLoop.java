package dev.weft.bench.load.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One thread that does what is due when it is due, and in between reads what has come: thousands of
 * clients without a thread of their own. Confined to the thread that runs it.
 */
public final class EventLoop implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;

  /** A selector sleeps for whole milliseconds; what is due sooner is waited for otherwise. */
  private static final long SELECTOR_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How much that is due is done before sockets are looked at again. */
  private static final int TASKS_AT_ONCE = 128;

  private final Selector selector;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private long taskCount;

  public EventLoop() throws IOException {
    selector = Selector.open();
  }

  /** What is told that its socket is ready. */
  interface Ready {
    void ready(int operations);
  }

  /** Something to do; of two that are due together the one that was asked for first comes first. */
  private record Task(long dueNanos, long number, Runnable work) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(dueNanos - other.dueNanos, 0);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  Selector selector() {
    return selector;
  }

  /** Returns a buffer for whoever reads right now. */
  ByteBuffer buffer() {
    return buffer.clear();
  }

  /** Returns an array, as long as the buffer, for whoever reads right now. */
  byte[] bytes() {
    return bytes;
  }

  /** Has something done at a moment in the clock of {@link System#nanoTime}, or soon after. */
  public void at(long dueNanos, Runnable work) {
    tasks.add(new Task(dueNanos, taskCount++, work));
  }

  /** Has something done after a while. */
  public void after(long nanos, Runnable work) {
    at(System.nanoTime() + nanos, work);
  }

  /** Runs until a condition holds or a moment has come; returns whether the condition holds. */
  public boolean run(BooleanSupplier until, long deadlineNanos) throws IOException {
    while (!until.getAsBoolean()) {
      long now = System.nanoTime();
      if (now - deadlineNanos >= 0) {
        return false;
      }
      doWhatIsDue(now);
      Task next = tasks.peek();
      long wait = next == null ? LONGEST_WAIT_NANOS : next.dueNanos - System.nanoTime();
      select(Math.min(LONGEST_WAIT_NANOS, wait));
    }
    return true;
  }

  private void doWhatIsDue(long now) {
    for (int done = 0; done < TASKS_AT_ONCE; done++) {
      Task next = tasks.peek();
      if (next == null || next.dueNanos - now > 0) {
        return;
      }
      tasks.remove();
      next.work.run();
    }
  }

  private void select(long waitNanos) throws IOException {
    if (waitNanos > SELECTOR_NANOS) {
      selector.select(EventLoop::ready, waitNanos / SELECTOR_NANOS);
    } else if (selector.selectNow(EventLoop::ready) == 0 && waitNanos > NAP_NANOS) {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }

  private static void ready(SelectionKey key) {
    ((Ready) key.attachment()).ready(key.readyOps());
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
