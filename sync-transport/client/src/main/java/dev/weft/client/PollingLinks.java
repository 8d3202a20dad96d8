package dev.weft.client;

import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.Scheduler;

/** Links by polling, which are open at once. Thread-safe. */
final class PollingLinks implements Links {
  private final Scheduler scheduler;
  private final Function<URI, PollingLink.Requests> requests;
  private final Supplier<RandomGenerator> random;

  /**
   * Creates links.
   *
   * @param requests gives the way to a relay
   * @param random gives what one link alone uses, on any thread
   */
  PollingLinks(
      Scheduler scheduler,
      Function<URI, PollingLink.Requests> requests,
      Supplier<RandomGenerator> random) {
    this.scheduler = scheduler;
    this.requests = requests;
    this.random = random;
  }

  @Override
  public PollingLink connect(URI relay, Link.Listener listener) {
    PollingLink link = new PollingLink(scheduler, requests.apply(relay), random.get(), listener);
    link.start();
    return link;
  }

  @Override
  public void close() {}
}
