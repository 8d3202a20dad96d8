package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The channels by which clients have one document open: what comes on them, as far as they may use
 * the document, and their ends. Confined to the document's worker; only what says so may be called
 * from elsewhere.
 */
final class Channels implements PendingSaves.Hooks {
  private final RelayHub hub;
  private final OpenDocument document;
  private final Set<Channel> all = new LinkedHashSet<>();
  private final Writers writers = new Writers();
  private final PendingSaves saves;
  private final PresenceBoard presence;

  Channels(RelayHub hub, OpenDocument document) {
    this.hub = hub;
    this.document = document;
    this.saves =
        new PendingSaves(
            this,
            hub.times(),
            hub.bounds().connection().maxPendingSaves(),
            hub.guarantee(),
            hub.metrics());
    this.presence = new PresenceBoard(all, hub.bounds().participants());
  }

  /** Returns those that are open. */
  Collection<Channel> all() {
    return all;
  }

  /** Returns which of them write under which replica id. */
  Writers writers() {
    return writers;
  }

  /** Returns the saves that have come on them and wait. */
  PendingSaves saves() {
    return saves;
  }

  /** Returns who is shown on them. */
  PresenceBoard presence() {
    return presence;
  }

  @Override
  public long now() {
    return hub.now();
  }

  @Override
  public Timer.Scheduled after(Duration delay, Runnable task) {
    return document.after(delay, task);
  }

  /** The channel's client opens it, or asks anew for what it lacks. */
  void open(Channel channel, ClientMessage.Open message, DocumentAccess access) {
    DocumentBody open = usable(channel);
    if (open == null) {
      return;
    }
    if (access == DocumentAccess.NONE) {
      close(channel, Refusals.unauthorised(), List.of());
      return;
    }
    if (open.text().isForkedAt(message.vector(), message.digest())) {
      close(channel, Refusals.forkedIdentity(), List.of());
      return;
    }
    channel.access = access;
    if (access == DocumentAccess.WRITE) {
      writers.opened(channel, message.writer(), message.vector());
    }
    open.passOn();
    all.add(channel);
    open.debts().open(channel, message.vector());
  }

  /** What the channel's client may do was found out anew: it is told where that has changed. */
  void allow(Channel channel, DocumentAccess access) {
    DocumentBody open = usable(channel);
    if (open == null || access == channel.access) {
      return;
    }
    if (access == DocumentAccess.NONE) {
      close(channel, Refusals.unauthorised(), List.of());
      return;
    }
    channel.access = access;
    if (access != DocumentAccess.WRITE) {
      writers.left(channel);
    }
    open.passOn();
    open.debts().openAnew(channel);
  }

  /** The client has sent changes. */
  void edits(Channel channel, Payload update, @Nullable VersionVector vector, long arrivedNanos) {
    DocumentBody open = usable(channel);
    if (open != null) {
      open.edits(channel, update, vector, arrivedNanos);
    }
  }

  /** The channel's connection has room for what is owed. May be called from any thread. */
  void payWhenAsked(Channel channel) {
    document.post(
        () -> {
          try {
            DocumentBody open = usable(channel);
            if (open != null) {
              open.passOn();
              open.debts().pay(channel);
            }
          } finally {
            channel.queue().asked();
          }
        });
  }

  /** The client asks for certainty. */
  void save(Channel channel, ClientMessage.Save save) {
    DocumentBody open = usable(channel);
    if (open != null) {
      open.save(channel, save);
    }
  }

  @Override
  public boolean isForked(ClientMessage.Save save) {
    DocumentBody open = document.body();
    return open != null && open.text().isForkedAt(save.vector(), save.digest());
  }

  /** The client asks what it has been sent. */
  void ping(Channel channel, ClientMessage.Ping ping) {
    DocumentBody open = usable(channel);
    if (open == null) {
      return;
    }
    open.passOn();
    VersionVector version = open.version();
    VersionVector told =
        ping.vector() == null ? VersionVector.EMPTY : ping.vector().intersect(version);
    channel.queue().pong(channel.feed, ping.nonce(), version, told);
  }

  /** The client shows where someone is. */
  void presence(Channel channel, Presence shown) {
    if (usable(channel) == null || (!shown.gone() && hub.load().shedsPresence())) {
      return;
    }
    presence.show(channel, shown, hub.now());
  }

  /**
   * Calls {@code then} when all that the channel's client has asked is answered, or only saves are
   * not and have waited for a while; it asks no more. May be called from any thread.
   */
  void whenAnswered(Channel channel, Runnable then) {
    document.post(
        () -> {
          DocumentBody open = usable(channel);
          if (open == null) {
            then.run();
          } else {
            presence.tell(channel, hub.now());
            open.passOn();
            saves.whenAnswered(channel, then);
          }
        });
  }

  /** Returns the document if the channel may use it; else sees to it that the client knows. */
  private @Nullable DocumentBody usable(Channel channel) {
    if (channel.closed) {
      return null;
    }
    Refusal failure = document.failure();
    if (failure != null) {
      close(channel, failure, List.of());
      return null;
    }
    return document.body();
  }

  /** The channel's client is done, or gone. May be called from any thread. */
  void leave(Channel channel) {
    document.post(
        () -> {
          if (!channel.closed) {
            remove(channel);
          }
        });
  }

  /** Refuses a channel. */
  void close(Channel channel, Refusal refusal, List<RelayMessage.ChangeRange> changes) {
    if (channel.closed) {
      return;
    }
    hub.refusals().refused(() -> "document " + document.id() + ": " + channel, refusal);
    try {
      remove(channel);
    } finally {
      channel.closedByDocument();
      channel.answer(
          new RelayMessage.Fault(RelayMessage.Scope.CHANNEL, channel.number, refusal, changes));
    }
  }

  private void remove(Channel channel) {
    channel.closed = true;
    all.remove(channel);
    writers.left(channel);
    channel.queue().silence(channel.feed);
    saves.forget(channel);
    DocumentBody open = document.body();
    if (open != null) {
      open.text().forget(channel);
    }
    presence.leave(channel, hub.now());
    document.letGo();
  }
}
