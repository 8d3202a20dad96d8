package dev.weft.relay;

import dev.weft.crdt.ReplicaId;
import dev.weft.protocol.RelayMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One document on one connection. Its fields belong to the document's worker; the methods may be
 * called from any thread.
 */
final class Channel {
  final int number;
  final OpenDocument document;
  final Feed feed;
  private final Session session;

  /** What the client may do; nothing before it has opened the channel. */
  DocumentAccess access = DocumentAccess.NONE;

  /** Who the client has shown on the channel; kept where it must not hear of them. */
  final Set<Long> participants = new HashSet<>();

  /** What the client has said to write under; null if it has not. */
  @Nullable ReplicaId writer;

  /** Whether the client has said that it is done, or the relay that it is. */
  boolean closed;

  /** Whether it is about to be found out anew what the client may do. Of any thread. */
  final AtomicBoolean allowing = new AtomicBoolean();

  /** Whether the client has been asked to send something again, and when that was last. */
  boolean askedAgain;

  long askedAgainNanos;

  Channel(Session session, int number, OpenDocument document) {
    this.session = session;
    this.number = number;
    this.document = document;
    this.feed = new Feed(number, () -> document.channels().payWhenAsked(this));
  }

  /** Returns whose the channel is, by the name that the authenticator gave. */
  String user() {
    return session.user();
  }

  /** Returns when the client was heard last, on whatever channel. */
  long lastHeardNanos() {
    return session.lastHeardNanos();
  }

  /** Returns whether the channel ends with a request, though its client may come again. */
  boolean isPolled() {
    return session.entrance().isPoll();
  }

  SendQueue queue() {
    return session.queue();
  }

  void answer(RelayMessage message) {
    session.queue().answer(message);
  }

  /** Tells the session that the document has closed the channel. */
  void closedByDocument() {
    session.forget(number);
  }

  /** Names the channel in the log. */
  @Override
  public String toString() {
    return "channel " + number + " of " + session;
  }
}
