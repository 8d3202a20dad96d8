package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import java.net.URI;
import java.time.Duration;

/**
 * A link as the loop sees it: its events come on the loop, in order, and none any more once it has
 * been given up; and what is on its way in either direction is bounded. Confined to the loop.
 */
final class Pipe {
  /** How many bytes may be on their way to the socket before edits and saves wait. */
  private static final int MAX_SENDING_BYTES = 256 << 10;

  private final Environment environment;
  private final Ends ends;
  private final Link link;
  private boolean givenUp;
  private boolean paused;
  private int sendingBytes;

  /** Starts a link to {@code relay}. */
  Pipe(Environment environment, URI relay, Ends ends) {
    this.environment = environment;
    this.ends = ends;
    this.link = environment.links().connect(relay, new Events());
  }

  /** Hears what becomes of the link. Called on the loop. */
  interface Ends {
    void opened();

    /** A message has come; the next one comes only after {@link Pipe#readOn}. */
    void received(byte[] message);

    /** A piece of a message has come. */
    void hearing();

    /** There may be room again to send. */
    void sent();

    /** The relay does not take the link, and says when to come again; its end follows. */
    void sentAway(Duration atLeast);

    /** The link is closed, or was never opened. */
    void closed(String reason);

    /** The link is closed, for there is a better way to the relay. */
    void moved(String reason);
  }

  /** Sends a message and returns how many bytes it has. */
  int send(ClientMessage message) {
    byte[] frame = Frames.encode(message);
    sendingBytes += frame.length;
    link.send(frame);
    return frame.length;
  }

  boolean isPolling() {
    return link.isPolling();
  }

  /** Returns whether what can wait may be sent now. */
  boolean hasRoom() {
    return sendingBytes < MAX_SENDING_BYTES;
  }

  /** Has the next message read. */
  void readOn() {
    paused = false;
    if (!givenUp) {
      link.demand();
    }
  }

  /** Has nothing read until {@link #readOn}. */
  void pause() {
    paused = true;
  }

  boolean isPaused() {
    return paused;
  }

  /** Closes the link, and hears no more of it. */
  void giveUp(String reason) {
    givenUp = true;
    link.close(reason);
  }

  /** Closes the link after what was sent; its end is still heard. */
  void finish(String reason) {
    link.close(reason);
  }

  /** Brings what the link tells, on whatever thread, to the loop. */
  private final class Events implements Link.Listener {
    private void onLoop(Runnable event) {
      environment
          .loop()
          .execute(
              () -> {
                if (!givenUp) {
                  event.run();
                }
              });
    }

    @Override
    public void opened() {
      onLoop(ends::opened);
    }

    @Override
    public void received(byte[] message) {
      onLoop(() -> ends.received(message));
    }

    @Override
    public void hearing() {
      onLoop(ends::hearing);
    }

    @Override
    public void sent(int bytes) {
      onLoop(
          () -> {
            sendingBytes -= bytes;
            ends.sent();
          });
    }

    @Override
    public void sentAway(Duration atLeast) {
      onLoop(() -> ends.sentAway(atLeast));
    }

    @Override
    public void closed(String reason, Link.OtherWays others) {
      if (others == Link.OtherWays.ARE_BETTER) {
        onLoop(() -> ends.moved(reason));
      } else {
        onLoop(() -> ends.closed(reason));
      }
    }
  }
}
