package dev.weft.cluster;

import dev.weft.crdt.Change;
import dev.weft.relay.FanOut;
import dev.weft.store.DocumentId;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The fan-out of a cluster without Redis: relays announce nothing, and find each other's changes in
 * the store, at an interval. Thread-safe.
 */
final class PollingFanOut implements FanOut {
  private final ScheduledExecutorService scheduler = FanOutThread.start();
  private final CatchUps catchUps = new CatchUps(scheduler, new SecureRandom());

  @Override
  public void publish(DocumentId document, List<Change> changes) {}

  @Override
  public Subscription subscribe(DocumentId document, Listener listener) {
    CatchUps.Watch watch = catchUps.watch(listener);
    return new Subscription() {
      @Override
      public void missed() {
        watch.missed();
      }

      @Override
      public void close() {
        watch.end();
      }
    };
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
