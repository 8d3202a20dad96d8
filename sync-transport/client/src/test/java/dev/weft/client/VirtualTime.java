package dev.weft.client;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Threads and time in one thread: tasks run one after another, each at its virtual time, the clock
 * jumping from one to the next. Equal seeds give equal runs. Confined to one thread.
 */
final class VirtualTime {
  private static final int MAX_TASKS = 2_000_000;

  private final RandomGenerator random;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nowNanos = 1_000_000_000L;
  private long lastOrder;
  private int ran;

  VirtualTime(RandomGenerator random) {
    this.random = random;
  }

  long nanos() {
    return nowNanos;
  }

  /** Runs {@code task} once, {@code delayNanos} from now. */
  Task at(long delayNanos, Runnable task) {
    Task added = new Task(nowNanos + Math.max(0, delayNanos), ++lastOrder, task);
    tasks.add(added);
    return added;
  }

  /** Returns an executor that is one thread: in order, each task after a random delay. */
  Line line(long maxDelayNanos) {
    return new Line(maxDelayNanos);
  }

  /** Runs tasks until the condition holds; returns whether it did before the time was over. */
  boolean runUntil(long withinNanos, BooleanSupplier condition) {
    long end = nowNanos + withinNanos;
    while (!condition.getAsBoolean()) {
      Task next = tasks.peek();
      if (next == null || next.atNanos > end) {
        nowNanos = end;
        return condition.getAsBoolean();
      }
      runNext();
    }
    return true;
  }

  /** Runs all tasks whose time comes within {@code nanos}. */
  void runFor(long nanos) {
    runUntil(nanos, () -> false);
  }

  private void runNext() {
    if (++ran > MAX_TASKS) {
      throw new AssertionError("no end after " + MAX_TASKS + " tasks");
    }
    Task task = tasks.remove();
    nowNanos = task.atNanos;
    if (!task.cancelled) {
      task.work.run();
    }
  }

  /** A task in its time. */
  static final class Task implements Comparable<Task> {
    private final long atNanos;
    private final long order;
    private final Runnable work;
    private boolean cancelled;

    private Task(long atNanos, long order, Runnable work) {
      this.atNanos = atNanos;
      this.order = order;
      this.work = work;
    }

    void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** One virtual thread of tasks; it dies with the process that it stands for. */
  final class Line implements Executor, Loop {
    private final long maxDelayNanos;
    private long lastNanos;
    private final List<Runnable> heldTasks = new ArrayList<>();
    private boolean dead;
    private boolean held;

    /** What an executor throws that takes no task; null: it takes them. */
    @Nullable RuntimeException refusal;

    private Line(long maxDelayNanos) {
      this.maxDelayNanos = maxDelayNanos;
    }

    @Override
    public void execute(Runnable task) {
      if (refusal != null) {
        throw refusal;
      }
      add(task);
    }

    private void add(Runnable task) {
      lastNanos =
          Math.max(lastNanos, nowNanos + (maxDelayNanos == 0 ? 0 : random.nextLong(maxDelayNanos)));
      at(lastNanos - nowNanos, alive(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return at(delayNanos, alive(task))::cancel;
    }

    /** Keeps tasks from running, or lets them. */
    void hold(boolean on) {
      held = on;
      if (!held) {
        heldTasks.forEach(this::add);
        heldTasks.clear();
      }
    }

    /** The process dies: nothing more is run, begun or not. */
    void die() {
      dead = true;
    }

    @Override
    public void close() {}

    private Runnable alive(Runnable task) {
      return () -> {
        if (held) {
          heldTasks.add(task);
        } else if (!dead) {
          task.run();
        }
      };
    }
  }
}
