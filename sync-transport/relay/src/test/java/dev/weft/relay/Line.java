package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network of one connection: what the client says reaches the session when it has asked for it,
 * and what the session sends is taken in when the test likes. One thread uses it.
 */
final class Line implements Outlet {
  private final Deque<byte[]> toSession = new ArrayDeque<>();
  private final List<RelayMessage> heard = new ArrayList<>();
  private int demand;
  private boolean delivering;
  private boolean taking = true;
  private byte @Nullable [] untaken;
  private @Nullable Session session;
  int maxFrameBytes;
  int closeStatus;
  boolean aborted;

  void attach(Session connected) {
    session = connected;
    connected.start();
  }

  /** Says something, which waits where the session does not read. */
  void say(ClientMessage message) {
    toSession.add(Frames.encode(message));
    deliver();
  }

  /** Says on channel 1 that an author has typed something at the end of the text. */
  void type(TextDocument author, String typed) {
    type(author, 1, typed);
  }

  /** Says on a channel that an author has typed something at the end of the text. */
  void type(TextDocument author, int channel, String typed) {
    VersionVector before = author.version();
    author.insert(author.length(), typed);
    say(new ClientMessage.Edits(channel, Payload.of(author.changesSince(before)), null));
  }

  /** Has something reach the session that it has not asked for. */
  void push(ClientMessage message) {
    session().received(Frames.encode(message));
  }

  /** Says that nothing more will be said, as the end of a request does. */
  void end() {
    session().ended();
  }

  /** Returns how much waits at the relay to be sent. */
  long waitingBytes() {
    return session().queue().waitingBytes();
  }

  int unread() {
    return toSession.size();
  }

  private void deliver() {
    if (delivering || session == null) {
      return;
    }
    delivering = true;
    while (session != null && demand > 0 && !toSession.isEmpty()) {
      demand--;
      session.received(toSession.remove());
    }
    delivering = false;
  }

  /** Takes in nothing more than the frame that is on its way. */
  void stopTaking() {
    taking = false;
  }

  /** Takes in a piece of the frame that is on its way. */
  void takePiece() {
    session().progressed();
  }

  /** Takes in everything again. */
  void take() {
    taking = true;
    byte[] frame = untaken;
    untaken = null;
    if (frame != null && session != null) {
      take(frame);
    }
  }

  private void take(byte[] frame) {
    try {
      heard.add(Frames.decodeRelay(frame));
    } catch (MalformedFrameException e) {
      throw new AssertionError("the relay sent a malformed frame", e);
    }
    session().sent();
  }

  /** Breaks; what is on its way is lost. */
  void vanish() {
    toSession.clear();
    heard.clear();
    session().closed();
    session = null;
  }

  private Session session() {
    if (session == null) {
      throw new AssertionError("not attached");
    }
    return session;
  }

  /** Returns the first message of the kind, and forgets it. */
  <M extends RelayMessage> M hear(Class<M> kind) {
    for (RelayMessage each : heard) {
      if (kind.isInstance(each)) {
        heard.remove(each);
        return kind.cast(each);
      }
    }
    throw new AssertionError("nothing of " + kind.getSimpleName() + " in " + heard);
  }

  /** Returns everything that was heard, and forgets it. */
  List<RelayMessage> hearAll() {
    List<RelayMessage> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  void hearNothing() {
    assertThat(heard).isEmpty();
  }

  // --- Outlet ---

  @Override
  public void send(byte[] frame) {
    assertThat(untaken).as("one frame at a time").isNull();
    if (taking) {
      take(frame);
    } else {
      untaken = frame;
    }
  }

  @Override
  public void demand() {
    demand++;
    assertThat(demand).as("one frame is asked for at a time").isEqualTo(1);
    deliver();
  }

  @Override
  public void allowFrames(int maxBytes) {
    maxFrameBytes = maxBytes;
  }

  @Override
  public void close(int status, String reason) {
    closeStatus = status;
    session().closed();
  }

  @Override
  public void abort() {
    aborted = true;
    session().closed();
  }

  @Override
  public String peer() {
    return "the test";
  }
}
