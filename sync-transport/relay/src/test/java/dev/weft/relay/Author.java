package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.net.URI;

/**
 * Somebody who edits one document through a {@link Peer}: just enough of a client to have a text.
 * One test thread uses it.
 */
final class Author implements AutoCloseable {
  static final String DOCUMENT = "notes";

  final TextDocument text;
  Peer peer;
  private int channel;
  private VersionVector sent = VersionVector.EMPTY;

  private Author(TextDocument text, Peer peer) {
    this.text = text;
    this.peer = peer;
  }

  /** Connects, and opens the document on channel 1. */
  static Author join(URI relay, long replica) {
    return join(relay, replica, DOCUMENT);
  }

  static Author join(URI relay, long replica, String document) {
    Author author = new Author(TextDocument.create(new ReplicaId(replica)), Peer.greet(relay));
    author.open(document);
    return author;
  }

  /** Connects with a token, and opens the document on channel 1. */
  static Author join(URI relay, long replica, String document, String token) {
    Author author = over(Peer.greet(relay, token), replica);
    author.open(document);
    return author;
  }

  /** An author whose peer is to be driven by the test. */
  static Author over(Peer peer, long replica) {
    return new Author(TextDocument.create(new ReplicaId(replica)), peer);
  }

  /** Opens the document on the next channel and catches up; sends what the relay lacks. */
  void open(String document) {
    sayOpen(document);
    caughtUp();
  }

  void sayOpen(String document) {
    channel++;
    peer.say(new ClientMessage.Open(channel, document, text.version(), 0, text.replica()));
  }

  /** Opens the document as the first channel of a new connection. */
  void sayOpenAnew(String document) {
    channel = 0;
    sayOpen(document);
  }

  /** Takes in all of a catch-up; returns in how many parts it came. */
  int caughtUp() {
    RelayMessage.Opened opened = peer.hear(RelayMessage.Opened.class);
    apply(opened.changes());
    int parts = 1;
    boolean more = opened.more();
    while (more) {
      RelayMessage.Edits edits = peer.hear(RelayMessage.Edits.class);
      apply(edits.changes());
      more = edits.more();
      parts++;
    }
    assertThat(text.version().includes(opened.vector())).isTrue();
    sent = opened.vector();
    return parts;
  }

  /** Goes away without a word and comes back on a new connection. */
  void reconnect(URI relay, String document) {
    peer.close();
    peer = Peer.greet(relay);
    channel = 0;
    open(document);
    send();
  }

  Author type(String typed) {
    text.insert(text.length(), typed);
    send();
    return this;
  }

  /** Sends everything that was not sent on this connection. */
  void send() {
    if (!sent.includes(text.version())) {
      peer.say(new ClientMessage.Edits(channel, Payload.of(text.changesSince(sent)), null));
      sent = text.version();
    }
  }

  void sayEdits(byte[] update) {
    peer.say(new ClientMessage.Edits(channel, Payload.of(update), null));
  }

  void saySave(String id) {
    peer.say(new ClientMessage.Save(channel, id, text.version(), Guarantee.FSYNCED));
  }

  RelayMessage.SaveAcknowledged save(String id) {
    saySave(id);
    RelayMessage.SaveAcknowledged answer = peer.hear(RelayMessage.SaveAcknowledged.class);
    assertThat(answer.id()).isEqualTo(id);
    assertThat(answer.vector().includes(text.version())).isTrue();
    return answer;
  }

  /** Takes in what others have typed until the text is so. */
  void awaitText(String expected) {
    while (!text.text().equals(expected)) {
      hearEdits();
    }
  }

  /** Takes in what others have typed until all of a version is there. */
  void awaitVersion(VersionVector version) {
    while (!text.version().includes(version)) {
      hearEdits();
    }
  }

  RelayMessage.Edits hearEdits() {
    RelayMessage.Edits edits = peer.hear(RelayMessage.Edits.class);
    apply(edits.changes());
    return edits;
  }

  void apply(Payload update) {
    if (update.isEmpty()) {
      return;
    }
    try {
      assertThat(text.apply(update.bytes()).isComplete()).isTrue();
      sent = sent.merge(text.version());
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the relay sent a malformed update", e);
    }
  }

  @Override
  public void close() {
    peer.close();
  }
}
