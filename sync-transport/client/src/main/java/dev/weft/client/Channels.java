package dev.weft.client;

import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The texts that share a connection, and the numbers by which it knows them. Confined to the loop.
 *
 * <p>Iterating goes over the texts there are at its beginning: what is told to one of them may add
 * or remove another.
 */
final class Channels implements Iterable<Channel> {
  private final List<Channel> all = new ArrayList<>();
  private final Map<Integer, Channel> byNumber = new HashMap<>();
  private int lastNumber;
  private int lastToSend;
  private int lastChecked;
  private boolean sending;

  void add(Channel channel) {
    all.add(channel);
  }

  void remove(Channel channel) {
    all.remove(channel);
    byNumber.values().removeIf(each -> each == channel);
  }

  @Override
  public Iterator<Channel> iterator() {
    return List.copyOf(all).iterator();
  }

  /** Opens the text on the connection, under a number of its own. */
  void attach(Channel channel) {
    lastNumber++;
    byNumber.put(lastNumber, channel);
    channel.attach(lastNumber);
  }

  /** Nothing that comes under this number concerns anybody any more. */
  void release(int number) {
    byNumber.remove(number);
  }

  /** The connection is gone, and its numbers with it. */
  void forgetNumbers() {
    byNumber.clear();
    lastNumber = 0;
  }

  /** Has the texts send what they have to send, in turn, while there is room. */
  void sendInTurn(BooleanSupplier hasRoom, ConnectionLimits limits) {
    if (sending) {
      return;
    }
    sending = true;
    try {
      int idle = 0;
      while (idle < all.size() && hasRoom.getAsBoolean()) {
        lastToSend = next(lastToSend);
        idle = all.get(lastToSend).sendNext(limits) ? 0 : idle + 1;
      }
    } finally {
      // A defect in one text must not keep all of them from ever sending again.
      sending = false;
    }
  }

  /**
   * Asks after the texts over which something went, and after one of the others in turn: what was
   * lost leaves no trace.
   */
  void check(LongSupplier nonces) {
    lastChecked = next(lastChecked);
    for (int i = 0; i < all.size(); i++) {
      Channel channel = all.get(i);
      if (channel.isOpen() && (channel.isUnchecked() || i == lastChecked)) {
        channel.check(nonces.getAsLong());
      }
    }
  }

  private int next(int index) {
    return index + 1 < all.size() ? index + 1 : 0;
  }

  void receive(RelayMessage.OfChannel message) {
    Channel channel = byNumber.get(message.channel());
    if (channel == null) {
      // It was closed while the message was on its way.
      return;
    }
    if (message instanceof RelayMessage.Edits edits) {
      channel.edits(edits);
    } else if (message instanceof RelayMessage.Durable durable) {
      channel.durable(durable);
    } else if (message instanceof RelayMessage.SaveAcknowledged acknowledged) {
      channel.saveAcknowledged(acknowledged);
    } else if (message instanceof RelayMessage.SaveRefused refused) {
      channel.saveRefused(refused);
    } else if (message instanceof RelayMessage.Opened opened) {
      channel.opened(opened);
    } else if (message instanceof RelayMessage.Resend resend) {
      channel.resend(resend);
    } else if (message instanceof Presence presence) {
      channel.presence(presence);
    }
  }

  void pong(RelayMessage.Pong message) {
    Channel channel = byNumber.get(message.channel());
    if (channel != null) {
      channel.pong(message.nonce(), message.vector());
    }
  }

  /** The relay asks for fewer messages of one text, or of all. */
  void throttle(RelayMessage.Throttle message) {
    for (Channel channel : byNumber.values()) {
      if (message.channel() == 0 || message.channel() == channel.number()) {
        channel.throttle(message);
      }
    }
  }

  /** The relay refuses a text, and with it the number, or some changes of it. */
  void fault(RelayMessage.Fault message) {
    Channel channel =
        message.scope() == RelayMessage.Scope.CHANNEL
            ? byNumber.remove(message.channel())
            : byNumber.get(message.channel());
    if (channel != null) {
      channel.fault(message);
    }
  }
}
