package dev.weft.client;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** Timers in virtual time, for what takes Jetty's; they die with the line that they run on. */
final class VirtualScheduler extends AbstractLifeCycle implements Scheduler {
  private final Loop line;

  VirtualScheduler(VirtualTime.Line line) {
    this.line = line;
  }

  @Override
  public Task schedule(Runnable task, long delay, TimeUnit unit) {
    Planned planned = new Planned(task);
    planned.timer = line.schedule(unit.toNanos(delay), planned);
    return planned;
  }

  private static final class Planned implements Task, Runnable {
    private final Runnable work;
    private boolean done;
    private Loop.Timer timer = () -> {};

    Planned(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      done = true;
      work.run();
    }

    @Override
    public boolean cancel() {
      timer.cancel();
      return !done;
    }
  }
}
