package dev.weft.client;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP client behind all links, with its few threads: started when it is first asked for,
 * so that a client without a relay has none. Thread-safe.
 */
final class JettyHttp implements AutoCloseable {
  private static final int MAX_THREADS = 8;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Scheduler timers = new ScheduledExecutorScheduler("weft-client-net-timer", true);
  private @Nullable HttpClient client;
  private boolean closed;

  /** Returns the timers of the client: what is planned while it does not run is let go. */
  Scheduler timers() {
    return timers;
  }

  /** Returns the client, running. Jetty's start may throw anything. */
  synchronized HttpClient started() throws Exception {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (client == null) {
      QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
      threads.setName("weft-client-net");
      threads.setDaemon(true);
      HttpClient starting = new HttpClient();
      starting.setExecutor(threads);
      starting.setScheduler(timers);
      starting.setConnectTimeout(CONNECT_TIMEOUT.toMillis());
      // A relay is where it says that it is; a login page of a network's portal is none.
      starting.setFollowRedirects(false);
      starting.start();
      client = starting;
    }
    return client;
  }

  @Override
  public void close() {
    HttpClient open;
    synchronized (this) {
      closed = true;
      open = client;
      client = null;
    }
    if (open != null) {
      try {
        LifeCycle.stop(open);
      } catch (RuntimeException e) {
        // Its threads are daemons; there is nothing left that could be done about it.
        DaemonThreads.report(e);
      }
    }
  }
}
