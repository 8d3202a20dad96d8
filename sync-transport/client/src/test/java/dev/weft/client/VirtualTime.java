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
public final class VirtualTime {
  private static final int MAX_TASKS = 2_000_000;

  private final RandomGenerator random;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nowNanos = 1_000_000_000L;
  private long lastOrder;
  private int ran;

  /** Creates a time whose threads are late as {@code random} has it. */
  public VirtualTime(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the time, in nanoseconds from any origin. */
  public long nanos() {
    return nowNanos;
  }

  /** Runs {@code task} once, {@code delayNanos} from now. */
  public Task at(long delayNanos, Runnable task) {
    Task added = new Task(nowNanos + Math.max(0, delayNanos), ++lastOrder, task);
    tasks.add(added);
    return added;
  }

  /** Returns an executor that is one thread: in order, each task after a random delay. */
  public Line line(long maxDelayNanos) {
    return new Line(maxDelayNanos, true);
  }

  /** Returns an executor that is many threads: in any order, each task after a random delay. */
  public Line pool(long maxDelayNanos) {
    return new Line(maxDelayNanos, false);
  }

  /** Returns how many tasks wait for their time. */
  public long waiting() {
    return tasks.stream().filter(task -> !task.cancelled).count();
  }

  /** Runs tasks until the condition holds; returns whether it did before the time was over. */
  public boolean runUntil(long withinNanos, BooleanSupplier condition) {
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
  public void runFor(long nanos) {
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
  public static final class Task implements Comparable<Task> {
    private final long atNanos;
    private final long order;
    private final Runnable work;
    private boolean cancelled;

    private Task(long atNanos, long order, Runnable work) {
      this.atNanos = atNanos;
      this.order = order;
      this.work = work;
    }

    /** Keeps the task from running, unless it has run. */
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** A thread of a virtual process, or a pool of them, which dies with it. */
  public final class Line implements Executor, Loop {
    private final long maxDelayNanos;
    private final boolean ordered;
    private long lastNanos;
    private final List<Runnable> heldTasks = new ArrayList<>();
    private boolean dead;
    private boolean held;

    /** What an executor throws that takes no task; null: it takes them. */
    @Nullable RuntimeException refusal;

    private Line(long maxDelayNanos, boolean ordered) {
      this.maxDelayNanos = maxDelayNanos;
      this.ordered = ordered;
    }

    @Override
    public void execute(Runnable task) {
      if (refusal != null) {
        throw refusal;
      }
      add(task);
    }

    private void add(Runnable task) {
      long delayNanos = maxDelayNanos == 0 ? 0 : random.nextLong(maxDelayNanos);
      if (ordered) {
        lastNanos = Math.max(lastNanos, nowNanos + delayNanos);
        delayNanos = lastNanos - nowNanos;
      }
      at(delayNanos, alive(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return at(delayNanos, alive(task))::cancel;
    }

    /** Keeps tasks from running, or lets them. */
    public void hold(boolean on) {
      held = on;
      if (!held) {
        heldTasks.forEach(this::add);
        heldTasks.clear();
      }
    }

    /** The process dies: nothing more is run, begun or not. */
    public void die() {
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
