package dev.weft.lab;

import dev.weft.client.VirtualTime;
import dev.weft.crdt.Change;
import dev.weft.lab.Tally.Event;
import dev.weft.relay.FanOut;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What relays tell one another, as best effort as it may be: late, in any order, twice, or not at
 * all. Confined to the simulation's thread.
 */
final class News {
  private static final long LATEST_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration CATCH_UP_EVERY = Duration.ofSeconds(2);

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Tally tally;
  private final List<Subscriber> subscribers = new ArrayList<>();

  /** Whether what is told may be lost. */
  boolean lossy = true;

  News(VirtualTime time, RandomGenerator random, Tally tally) {
    this.time = time;
    this.random = random;
    this.tally = tally;
  }

  /** Returns a relay's way to the others. */
  Relay relay() {
    return new Relay();
  }

  private void tell(Subscriber subscriber, Runnable what) {
    time.at(
        random.nextLong(LATEST_NANOS),
        () -> {
          if (subscribers.contains(subscriber)) {
            what.run();
          }
        });
  }

  /** One relay's end; it dies with the relay. */
  final class Relay implements FanOut {
    @Override
    public void publish(DocumentId document, List<Change> changes) {
      for (Subscriber each : subscribers) {
        if (each.relay != this && each.document.equals(document)) {
          int draw = lossy ? random.nextInt(10) : 9;
          if (draw == 0) {
            tally.count(Event.NEWS_LOST);
          } else {
            tell(each, () -> each.listener.received(changes));
          }
          if (draw == 1) {
            tally.count(Event.NEWS_DOUBLED);
            tell(each, () -> each.listener.received(changes));
          }
        }
      }
    }

    @Override
    public Subscription subscribe(DocumentId document, Listener listener) {
      Subscriber subscriber = new Subscriber(this, document, listener);
      subscribers.add(subscriber);
      tell(subscriber, listener::catchUp);
      subscriber.catchUpLater();
      return subscriber;
    }

    /** The relay is gone. */
    void die() {
      subscribers.removeIf(each -> each.relay == this);
    }

    @Override
    public void close() {
      die();
    }
  }

  private final class Subscriber implements FanOut.Subscription {
    private final Relay relay;
    private final DocumentId document;
    private final FanOut.Listener listener;

    Subscriber(Relay relay, DocumentId document, FanOut.Listener listener) {
      this.relay = relay;
      this.document = document;
      this.listener = listener;
    }

    private void catchUpLater() {
      time.at(
          CATCH_UP_EVERY.toNanos(),
          () -> {
            if (subscribers.contains(this)) {
              listener.catchUp();
              catchUpLater();
            }
          });
    }

    @Override
    public void missed() {
      tell(this, listener::catchUp);
    }

    @Override
    public void close() {
      subscribers.remove(this);
    }
  }
}
