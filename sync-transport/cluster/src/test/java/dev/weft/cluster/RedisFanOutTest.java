package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.relay.FanOut;
import dev.weft.store.Author;
import dev.weft.store.DocumentId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Announcements over a real Redis, which goes and comes back. */
@ExtendWith(Servers.class)
class RedisFanOutTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");
  private static final String CLUSTER = "cluster";
  private static final ReplicaId PROBE = new ReplicaId(99);

  private final RedisServer redis;
  private final List<FanOut> fanOuts = new ArrayList<>();

  RedisFanOutTest(RedisServer redis) {
    this.redis = redis;
  }

  @AfterEach
  void closeFanOuts() {
    fanOuts.forEach(FanOut::close);
  }

  @Test
  void shouldCarryChangesToOtherRelaysOnly() {
    FanOut one = start(CLUSTER);
    FanOut two = start(CLUSTER);
    Heard atOne = subscribe(one, NOTES, two);
    Heard atTwo = subscribe(two, NOTES, one);
    Author ann = new Author(1);
    List<Change> changes = ann.type("abc");

    one.publish(NOTES, changes);
    Eventually.until("the other relay hears", () -> atTwo.changes.size() == 1);
    two.publish(NOTES, ann.type("def"));
    Eventually.until("the first relay hears", () -> atOne.changes.size() == 1);

    assertThat(atTwo.changes).containsExactlyElementsOf(changes);
    assertThat(atOne.changes.element().start()).isEqualTo(3);
  }

  @Test
  void shouldKeepDocumentsAndClustersApart() {
    FanOut one = start(CLUSTER);
    FanOut stranger = start("other-cluster");
    FanOut two = start(CLUSTER);
    Heard poem = subscribe(two, POEM, one);
    Heard strangers = subscribe(stranger, NOTES, start("other-cluster"));
    Heard notes = subscribe(two, NOTES, one);

    one.publish(NOTES, new Author(1).type("abc"));

    Eventually.until("the change comes", () -> notes.changes.size() == 1);
    assertThat(poem.changes).isEmpty();
    assertThat(strangers.changes).isEmpty();
  }

  @Test
  void shouldHearNothingMoreWhenSubscriptionIsClosed() {
    FanOut one = start(CLUSTER);
    FanOut two = start(CLUSTER);
    Heard closed = subscribe(two, NOTES, one);
    Heard open = subscribe(two, NOTES, one);
    closed.subscription.close();

    one.publish(NOTES, new Author(1).type("abc"));

    Eventually.until("the change comes", () -> open.changes.size() == 1);
    assertThat(closed.changes).isEmpty();
  }

  @Test
  void shouldCatchUpSoonWhenSomethingIsMissing() {
    Heard heard = subscribe(start(CLUSTER), NOTES, start(CLUSTER));
    for (int i = 0; i < 4; i++) {
      int before = heard.catchUps.get();
      heard.subscription.missed();
      Eventually.until("it catches up", () -> heard.catchUps.get() > before);
    }
  }

  @Test
  void shouldCatchUpAtIntervalsWhileRedisIsAwayAndHearAgainWhenItIsBack() {
    FanOut one = start(CLUSTER);
    FanOut two = start(CLUSTER);
    Heard heard = subscribe(two, NOTES, one);
    redis.kill();
    try {
      int before = heard.catchUps.get();
      Eventually.until("it catches up by itself", () -> heard.catchUps.get() >= before + 3);
      one.publish(NOTES, new Author(1).type("lost"));
    } finally {
      redis.start();
    }

    Author ben = new Author(2);
    Eventually.until(
        "it hears again",
        () -> {
          one.publish(NOTES, ben.type("b"));
          return !heard.changes.isEmpty();
        });
    assertThat(heard.changes).allMatch(change -> change.replica().equals(ben.replica()));
  }

  @Test
  void shouldStartWhenRedisIsNotThereYet() {
    redis.kill();
    FanOut one;
    FanOut two;
    Heard heard;
    try {
      one = start(CLUSTER);
      two = start(CLUSTER);
      heard = subscribe(two, NOTES);
      Eventually.until("it catches up by itself", () -> heard.catchUps.get() >= 2);
    } finally {
      redis.start();
    }
    Author ann = new Author(1);

    Eventually.until(
        "it hears",
        () -> {
          one.publish(NOTES, ann.type("a"));
          return !heard.changes.isEmpty();
        });
  }

  @Test
  void shouldCarryManyChangesInTheirOrder() {
    FanOut one = start(CLUSTER);
    Heard heard = subscribe(start(CLUSTER), NOTES, one);
    Author ann = new Author(1);
    String page = "x".repeat(10_000);
    List<Change> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.addAll(ann.type(page));
    }

    one.publish(NOTES, all);

    Eventually.until("all come", () -> heard.changes.size() == all.size());
    assertThat(heard.changes).containsExactlyElementsOf(all);
    assertThat(heard.calls).hasValueGreaterThan(1);
  }

  @Test
  void shouldNotShowPasswordWhenAddressIsUnusable() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisFanOut.start("http://:secret@host", "cluster"))
        .withMessageContaining("redis://")
        .withMessageNotContaining("secret")
        .withNoCause();
  }

  private FanOut start(String cluster) {
    FanOut fanOut = RedisFanOut.start(redis.url(), cluster);
    fanOuts.add(fanOut);
    return fanOut;
  }

  private Heard subscribe(FanOut fanOut, DocumentId document) {
    return new Heard(fanOut, document);
  }

  /** Subscribes, and returns when announcements that the other relay makes come. */
  private Heard subscribe(FanOut fanOut, DocumentId document, FanOut other) {
    Heard heard = subscribe(fanOut, document);
    Author probe = new Author(PROBE);
    Eventually.until(
        "announcements come",
        () -> {
          other.publish(document, probe.type("."));
          return heard.probed;
        });
    return heard;
  }

  /** What a relay has heard. */
  private static final class Heard implements FanOut.Listener {
    final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger catchUps = new AtomicInteger();
    final FanOut.Subscription subscription;
    volatile boolean probed;

    Heard(FanOut fanOut, DocumentId document) {
      subscription = fanOut.subscribe(document, this);
    }

    @Override
    public void received(List<Change> received) {
      if (received.get(0).replica().equals(PROBE)) {
        probed = true;
        return;
      }
      changes.addAll(received);
      calls.incrementAndGet();
    }

    @Override
    public void catchUp() {
      catchUps.incrementAndGet();
    }
  }
}
