package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.RelayMessage;
import java.net.URI;

/**
 * Two who write one document together, type and save, while somebody else misbehaves there: they
 * are to notice nothing. One test thread uses them.
 */
final class Bystanders implements AutoCloseable {
  private final Author ada;
  private final Author ben;
  private int rounds;

  /** Has two authors join the document that {@link Author} has. */
  Bystanders(URI relay) {
    ada = Author.join(relay, 0xa);
    ben = Author.join(relay, 0xb);
    goOn();
  }

  /** Types on both sides, each seen by the other, and saves on both. */
  void goOn() {
    rounds++;
    ada.type("a" + rounds);
    ben.awaitVersion(ada.text.version());
    ben.type("b" + rounds);
    ada.awaitVersion(ben.text.version());
    ada.save("a" + rounds);
    ben.save("b" + rounds);
    assertThat(ben.text.text()).isEqualTo(ada.text.text());
  }

  /** Has both take in what somebody else has written. */
  void takeIn(VersionVector version) {
    ada.awaitVersion(version);
    ben.awaitVersion(version);
  }

  /** Has the first of them type until it has made so many events. */
  void typeUntil(long replica, long events) {
    while (ada.text.version().next(new ReplicaId(replica)) < events) {
      goOn();
    }
  }

  /** Asserts that they go on as before, on the connections that they had, and were told nothing. */
  void assertUndisturbed() {
    goOn();
    for (Author each : new Author[] {ada, ben}) {
      assertThat(each.peer.isOpen()).isTrue();
      each.peer.hearNothingOf(RelayMessage.Fault.class);
      each.peer.hearNothingOf(RelayMessage.SaveRefused.class);
      each.peer.hearNothingOf(RelayMessage.Drain.class);
      each.peer.hearNothingOf(RelayMessage.StoreState.class);
    }
  }

  /** Returns the text that both have. */
  String text() {
    return ada.text.text();
  }

  /** Returns what they have written, as an update. */
  byte[] everything() {
    return ada.text.changesSince(VersionVector.EMPTY);
  }

  /** Asserts that a peer is told, on its connection or channel, that it is refused. */
  static void assertRefused(Peer peer, String code, RelayMessage.Scope scope) {
    RelayMessage.Fault fault = peer.hear(RelayMessage.Fault.class);
    assertThat(fault.refusal().code()).isEqualTo(code);
    assertThat(fault.scope()).isEqualTo(scope);
    assertThat(fault.refusal().reason()).isNotBlank();
  }

  @Override
  public void close() {
    ada.close();
    ben.close();
  }
}
