package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.store.DocumentId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Fan-outs of several relays in one process. Announcements are told at once or, when the test says
 * so, lost; when relays look into the store is the test's to say. Thread-safe.
 */
final class Exchange {
  private final List<Subscribed> all = new CopyOnWriteArrayList<>();
  private final Semaphore missed = new Semaphore(0);
  private final Semaphore lost = new Semaphore(0);
  volatile boolean loses;

  /** Returns the fan-out of one more relay. */
  FanOut join() {
    return new Member();
  }

  /** Has all relays look into the store. */
  void catchUp() {
    all.forEach(each -> each.listener.catchUp());
  }

  /** Waits until a relay says that it misses something. */
  void awaitMissed() {
    await(missed, "No relay has said that it misses something.");
  }

  /** Waits until an announcement has been lost. */
  void awaitLost() {
    await(lost, "No announcement has been lost.");
  }

  private static void await(Semaphore event, String otherwise) {
    try {
      assertThat(event.tryAcquire(30, TimeUnit.SECONDS)).as(otherwise).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(otherwise, e);
    }
  }

  /** Waits until so many subscriptions are there. */
  void awaitSubscriptions(int count) {
    while (all.size() < count) {
      Thread.onSpinWait();
    }
  }

  private final class Member implements FanOut {
    @Override
    public void publish(DocumentId document, List<Change> changes) {
      if (loses) {
        lost.release();
      } else {
        for (Subscribed each : all) {
          if (each.member != this && each.document.equals(document)) {
            each.listener.received(changes);
          }
        }
      }
    }

    @Override
    public Subscription subscribe(DocumentId document, Listener listener) {
      Subscribed subscribed = new Subscribed(this, document, listener);
      all.add(subscribed);
      return subscribed;
    }

    @Override
    public void close() {}
  }

  private final class Subscribed implements FanOut.Subscription {
    private final Member member;
    private final DocumentId document;
    private final FanOut.Listener listener;

    Subscribed(Member member, DocumentId document, FanOut.Listener listener) {
      this.member = member;
      this.document = document;
      this.listener = listener;
    }

    @Override
    public void missed() {
      missed.release();
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }
}
