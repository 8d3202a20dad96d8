package dev.weft.client;

import dev.weft.store.WorkspaceStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A process that runs the production client on virtual threads, in virtual time, over a simulated
 * network. Confined to the simulation's thread.
 */
public final class ClientProcess {
  private static final long READING_NANOS = Duration.ofMillis(2).toNanos();
  private static final long TIDYING_NANOS = Duration.ofMillis(20).toNanos();

  private final List<VirtualTime.Line> threads;
  private final VirtualTime.Line editor;
  private final WeftClient client;

  /**
   * Starts a process.
   *
   * @param random for all that the client draws
   * @param diskNanos how late the disk is at most
   * @param transport how it talks to the relay
   * @param settings the rest, as an embedder would set it
   */
  public ClientProcess(
      VirtualTime time,
      RandomGenerator random,
      WorkspaceStore store,
      long diskNanos,
      InstantSource wallClock,
      SimulatedNetwork network,
      Transport transport,
      Consumer<WeftClient.Builder> settings) {
    VirtualTime.Line loop = time.line(0);
    VirtualTime.Line disk = time.line(diskNanos);
    VirtualTime.Line housekeeping = time.line(TIDYING_NANOS);
    VirtualTime.Line listeners = time.line(READING_NANOS);
    VirtualTime.Line tokens = time.line(READING_NANOS);
    VirtualTime.Line net = time.line(0);
    VirtualTime.Line timers = time.line(0);
    this.editor = listeners;
    this.threads = List.of(loop, disk, housekeeping, listeners, tokens, net, timers);
    Scheduler scheduler = new VirtualScheduler(timers);
    Links webSockets = new SimulatedWebSockets(network, net);
    PollingLinks polling =
        new PollingLinks(
            scheduler, relay -> new SimulatedRequests(network, net, relay), () -> random);
    Links links =
        switch (transport) {
          case WEBSOCKET -> webSockets;
          case POLLING -> polling;
          case AUTOMATIC ->
              new FallbackLinks(
                  webSockets,
                  polling,
                  scheduler,
                  new WayChoice(time::nanos, random, Duration.ofSeconds(5)));
        };
    Environment environment =
        new Environment(
            loop,
            disk,
            housekeeping,
            listeners,
            Runnable::run,
            tokens,
            time::nanos,
            wallClock,
            random,
            links);
    WeftClient.Builder builder = WeftClient.builder().store(store).environment(environment);
    settings.accept(builder);
    this.client = builder.build();
  }

  /** Returns whether two statuses say the same, the time since the relay was heard aside. */
  public static boolean saySame(SyncStatus one, SyncStatus other) {
    return one.saysTheSameAs(other);
  }

  /** Returns the client that runs here. */
  public WeftClient client() {
    return client;
  }

  /** Closes one text. */
  public CompletableFuture<?> close(SharedText text) {
    return text.closeSoon();
  }

  /** Closes the client; the process ends with {@link #kill} once that is done. */
  public CompletableFuture<?> close() {
    return client.closeSoon();
  }

  /** Stops the process where it stands, or lets it go on. */
  public void freeze(boolean frozen) {
    threads.forEach(thread -> thread.hold(frozen));
  }

  /** Has the thread that listens, an editor's say, be busy, or go on. */
  public void occupy(boolean busy) {
    editor.hold(busy);
  }

  /** Has the embedder's executor refuse its tasks, or take them again. */
  public void reject(boolean on) {
    editor.refusal = on ? new RejectedExecutionException("the editor takes nothing") : null;
  }

  /** Ends the process where it stands. */
  public void kill() {
    threads.forEach(VirtualTime.Line::die);
  }
}
