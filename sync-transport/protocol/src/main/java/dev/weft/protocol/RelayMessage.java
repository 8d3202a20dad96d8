package dev.weft.protocol;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a relay says to a client. Messages are immutable; their constructors check what the protocol
 * bounds and throw {@link IllegalArgumentException}. {@code docs/PROTOCOL.md} tells when each is
 * sent and what it means.
 */
public sealed interface RelayMessage
    permits RelayMessage.Welcome,
        RelayMessage.OfChannel,
        RelayMessage.Pong,
        RelayMessage.Throttle,
        RelayMessage.StoreState,
        RelayMessage.Drain,
        RelayMessage.Fault,
        RelayMessage.Unknown {

  /** A message that concerns one document: that which the client has open by this number. */
  sealed interface OfChannel extends RelayMessage
      permits Opened, Edits, Resend, Durable, SaveAcknowledged, SaveRefused, Presence {
    /** Returns the client's number of the document. */
    int channel();

    /** Returns the same message for another channel. */
    OfChannel onChannel(int other);
  }

  /**
   * The answer to Hello.
   *
   * @param agent the relay's software and version
   * @param session names the connection in the relay's log
   * @param limits what the relay takes
   * @param capabilities what the relay can do beyond the base
   * @param heartbeatMillis the client pings when it has sent nothing for this long
   * @param idleTimeoutMillis the relay closes a connection of which it hears nothing for this long
   * @param tokenValidMillis for how long the token is good; 0 if no end is known
   */
  record Welcome(
      String agent,
      String session,
      ConnectionLimits limits,
      Capabilities capabilities,
      int heartbeatMillis,
      int idleTimeoutMillis,
      int tokenValidMillis)
      implements RelayMessage {
    /** Creates the message. */
    public Welcome {
      Bounds.requireLength("agent", agent, ClientMessage.MAX_NAME_BYTES);
      Bounds.requireLength("session", session, ClientMessage.MAX_NAME_BYTES);
      Bounds.requirePositive("heartbeatMillis", heartbeatMillis);
      Bounds.requirePositive("idleTimeoutMillis", idleTimeoutMillis);
      Bounds.requireNotNegative("tokenValidMillis", tokenValidMillis);
    }
  }

  /**
   * The answer to Open.
   *
   * @param vector what the relay has: the client sends all that it has beyond it
   * @param changes what the client lacks, or its first part: an update or a snapshot; or empty
   * @param more whether further parts follow as {@link Edits}
   * @param durable what of the document is durable at the relay
   * @param access what the client may do
   * @param after with {@code more}, what the client has after this part; null if not told
   */
  record Opened(
      int channel,
      VersionVector vector,
      Payload changes,
      boolean more,
      VersionVector durable,
      Access access,
      @Nullable VersionVector after)
      implements OfChannel {
    /** Creates the message. */
    public Opened {
      Bounds.requireChannel(channel);
    }

    /** Creates the message of a relay that does not tell what the client has after this part. */
    public Opened(
        int channel,
        VersionVector vector,
        Payload changes,
        boolean more,
        VersionVector durable,
        Access access) {
      this(channel, vector, changes, more, durable, access, null);
    }

    @Override
    public Opened onChannel(int other) {
      return new Opened(other, vector, changes, more, durable, access, after);
    }
  }

  /** What a client may do with a document. */
  enum Access {
    /** Edits are refused. */
    READ,
    /** Everything. */
    WRITE
  }

  /**
   * Changes that the client lacks.
   *
   * @param changes an update
   * @param more whether further parts of a catch-up follow
   * @param vector what the client has after these changes if it missed none before; null if not
   *     told
   */
  record Edits(int channel, Payload changes, boolean more, @Nullable VersionVector vector)
      implements OfChannel {
    /** Creates the message. */
    public Edits {
      Bounds.requireChannel(channel);
    }

    @Override
    public Edits onChannel(int other) {
      return new Edits(other, changes, more, vector);
    }
  }

  /** The client must send again all that it has beyond {@code vector}: something is missing. */
  record Resend(int channel, VersionVector vector) implements OfChannel {
    /** Creates the message. */
    public Resend {
      Bounds.requireChannel(channel);
    }

    @Override
    public Resend onChannel(int other) {
      return new Resend(other, vector);
    }
  }

  /** All of {@code vector} survives a crash of the relay and of its machine. */
  record Durable(int channel, VersionVector vector) implements OfChannel {
    /** Creates the message. */
    public Durable {
      Bounds.requireChannel(channel);
    }

    @Override
    public Durable onChannel(int other) {
      return new Durable(other, vector);
    }
  }

  /**
   * A save is done.
   *
   * @param id the save's
   * @param vector all that is safe: the save's vector or one beyond it
   * @param guarantee how safe it is
   */
  record SaveAcknowledged(int channel, String id, VersionVector vector, Guarantee guarantee)
      implements OfChannel {
    /** Creates the message. */
    public SaveAcknowledged {
      Bounds.requireChannel(channel);
      Bounds.requireWord("id", id, ClientMessage.MAX_ID_BYTES);
    }

    @Override
    public SaveAcknowledged onChannel(int other) {
      return new SaveAcknowledged(other, id, vector, guarantee);
    }
  }

  /**
   * A save was not done.
   *
   * @param id the save's
   * @param refusal why
   */
  record SaveRefused(int channel, String id, Refusal refusal) implements OfChannel {
    /** Creates the message. */
    public SaveRefused {
      Bounds.requireChannel(channel);
      Bounds.requireWord("id", id, ClientMessage.MAX_ID_BYTES);
    }

    @Override
    public SaveRefused onChannel(int other) {
      return new SaveRefused(other, id, refusal);
    }
  }

  /**
   * The answer to {@link ClientMessage.Ping}.
   *
   * @param nonce the Ping's
   * @param channel the Ping's
   * @param vector on a channel, what the client has if it missed nothing that was sent before this;
   *     null without one
   */
  record Pong(long nonce, int channel, @Nullable VersionVector vector) implements RelayMessage {
    /** Creates the message. */
    public Pong {
      Bounds.requireChannelOrNone(channel);
    }
  }

  /**
   * Asks for edits to be batched longer.
   *
   * @param channel the channel, or 0 for all
   * @param windowMillis send edits at most this often; 0 ends the throttle
   * @param lastsMillis after how long it ends by itself; 0 with the connection
   * @param code why, one of {@link Codes}
   * @param reason why, for a person
   */
  record Throttle(int channel, int windowMillis, int lastsMillis, String code, String reason)
      implements RelayMessage {
    /** Creates the message. */
    public Throttle {
      Bounds.requireChannelOrNone(channel);
      Bounds.requireNotNegative("windowMillis", windowMillis);
      Bounds.requireNotNegative("lastsMillis", lastsMillis);
      Bounds.requireLength("code", code, Refusal.MAX_CODE_BYTES);
      Bounds.requireLength("reason", reason, Refusal.MAX_REASON_BYTES);
    }
  }

  /**
   * Says whether the relay's store confirms what it is given.
   *
   * @param available whether it does; if not, saves wait or are refused, and keystrokes go on
   * @param code why not, one of {@link Codes}; empty if it is available
   * @param reason why not, for a person
   */
  record StoreState(boolean available, String code, String reason) implements RelayMessage {
    /** All is well, as it is where nothing is said. */
    public static final StoreState AVAILABLE = new StoreState(true, "", "");

    /** Creates the message. */
    public StoreState {
      Bounds.requireLength("code", code, Refusal.MAX_CODE_BYTES);
      Bounds.requireLength("reason", reason, Refusal.MAX_REASON_BYTES);
    }
  }

  /**
   * The relay is about to stop.
   *
   * @param reason why, for a person
   * @param deadlineMillis the connection is closed within this long
   * @param reconnectAfterMillis how long to wait after the close, at least
   * @param jitterMillis the longest random time to add to that
   * @param relays where to go instead, best first; empty for the same address
   */
  record Drain(
      String reason,
      int deadlineMillis,
      int reconnectAfterMillis,
      int jitterMillis,
      List<String> relays)
      implements RelayMessage {
    /** The most relays that can be named. */
    public static final int MAX_RELAYS = 64;

    /** The longest address of a relay, in bytes of UTF-8. */
    public static final int MAX_RELAY_BYTES = 2_048;

    /** Creates the message with a copy of the list. */
    public Drain {
      Bounds.requireLength("reason", reason, Refusal.MAX_REASON_BYTES);
      Bounds.requireNotNegative("deadlineMillis", deadlineMillis);
      Bounds.requireNotNegative("reconnectAfterMillis", reconnectAfterMillis);
      Bounds.requireNotNegative("jitterMillis", jitterMillis);
      Bounds.requireCount("relays", relays, MAX_RELAYS);
      for (String relay : relays) {
        Bounds.requireWord("relay", relay, MAX_RELAY_BYTES);
      }
      relays = List.copyOf(relays);
    }
  }

  /**
   * Something was refused: {@code Error} in the schema.
   *
   * @param scope what ends with it
   * @param channel the channel, or 0 with {@link Scope#CONNECTION}
   * @param refusal why
   * @param changes the changes that were refused, if it is about some
   */
  record Fault(Scope scope, int channel, Refusal refusal, List<ChangeRange> changes)
      implements RelayMessage {
    /** The most ranges that can be named. */
    public static final int MAX_RANGES = 1_024;

    /** Creates the message with a copy of the list. */
    public Fault {
      if (scope == Scope.CONNECTION) {
        if (channel != 0) {
          throw new IllegalArgumentException(
              "channel must be 0 where the connection is refused, channel=" + channel);
        }
      } else {
        Bounds.requireChannel(channel);
      }
      Bounds.requireCount("changes", changes, MAX_RANGES);
      changes = List.copyOf(changes);
    }
  }

  /** What a {@link Fault} ends. */
  enum Scope {
    /** The relay closes the connection. */
    CONNECTION,
    /** The channel is closed by the message. */
    CHANNEL,
    /** Only the named changes were not taken. */
    CHANGES
  }

  /**
   * Some changes of one replica.
   *
   * @param replica whose
   * @param start the first sequence number
   * @param end the end of the sequence numbers, exclusive
   */
  record ChangeRange(ReplicaId replica, long start, long end) {
    /** Creates the range. */
    public ChangeRange {
      if (start < 0 || end <= start) {
        throw new IllegalArgumentException(
            "a range must begin at 0 or above and end after that, start=" + start + " end=" + end);
      }
    }
  }

  /** A message of a later version of the protocol, to be ignored. */
  record Unknown() implements RelayMessage {}
}
