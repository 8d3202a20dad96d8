package dev.weft.client;

import dev.weft.crdt.Anchor;
import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is where in one text: what this client shows of itself, newest only and not too often, and
 * what it heard of others, for as long as that holds. Nothing of it is stored or repeated when
 * lost; it goes out behind everything else. Confined to the loop.
 */
final class PresenceExchange {
  /** The least time between two messages: what a person can follow. */
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** On a slow link, or where the relay asks for it, so many send windows, if that is more. */
  private static final int INTERVAL_WINDOWS = 2;

  private static final Duration EXPIRY = Duration.ofMillis(Presence.DEFAULT_EXPIRY_MILLIS);
  private static final Duration REPEAT_AFTER = EXPIRY.dividedBy(3);

  /** Those known before who are not confirmed so soon on a new connection are gone. */
  private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(2);

  /** More participants than people can work on one text; what a hostile relay can make us hold. */
  private static final int MAX_PARTICIPANTS = 1_000;

  private final Supplier<@Nullable Own> own;
  private final Environment environment;
  private final LongSupplier sendWindowNanos;
  private final Runnable ready;
  private final Runnable othersChanged;
  private final long participant;

  private long clock;
  private boolean attached;
  private boolean due;
  private boolean shown;
  private boolean sentBefore;
  private long sentAtNanos;
  private Loop.@Nullable Timer send;

  private final Map<Long, Other> others = new HashMap<>();
  private Loop.@Nullable Timer expiry;

  /**
   * Creates an exchange that knows of nobody.
   *
   * @param own tells what to show of this client; null for nothing
   * @param sendWindowNanos tells the least time between two messages of keystrokes
   * @param ready is told when a message may have become ready
   * @param othersChanged is told when {@link #others} has changed
   */
  PresenceExchange(
      Supplier<@Nullable Own> own,
      Environment environment,
      LongSupplier sendWindowNanos,
      Runnable ready,
      Runnable othersChanged) {
    this.own = own;
    this.environment = environment;
    this.sendWindowNanos = sendWindowNanos;
    this.ready = ready;
    this.othersChanged = othersChanged;
    this.participant = environment.random().nextLong();
  }

  /** What a client shows of itself. */
  record Own(String name, int color, List<AnchoredSelection> selections, Payload extension) {}

  // --- This client ---

  /** There is something else to show of this client. */
  void ownChanged() {
    if (attached && !due) {
      scheduleSend(sentBefore ? sentAtNanos + intervalNanos() - now() : 0);
    }
  }

  private long intervalNanos() {
    return Math.max(INTERVAL.toNanos(), INTERVAL_WINDOWS * sendWindowNanos.getAsLong());
  }

  private void scheduleSend(long delayNanos) {
    cancelSend();
    if (delayNanos <= 0) {
      due = true;
      ready.run();
    } else {
      send =
          environment
              .loop()
              .schedule(
                  delayNanos,
                  () -> {
                    send = null;
                    due = true;
                    ready.run();
                  });
    }
  }

  private void cancelSend() {
    if (send != null) {
      send.cancel();
      send = null;
    }
  }

  /**
   * Returns the message to send now, if there is one, and counts it as sent.
   *
   * @param maxBytes the longest that the relay takes
   */
  @Nullable Presence next(int channel, int maxBytes) {
    if (!due) {
      return null;
    }
    due = false;
    Own now = own.get();
    if (now == null) {
      return shown ? leave(channel) : null;
    }
    clock++;
    Presence message = message(channel, now);
    if (isLonger(message, maxBytes)) {
      // Better a name without its carets than nobody.
      message = message(channel, new Own(now.name, now.color, List.of(), Payload.EMPTY));
      if (isLonger(message, maxBytes)) {
        // Better nobody than a connection that the relay ends, again and again.
        return null;
      }
    }
    shown = true;
    sentBefore = true;
    sentAtNanos = now();
    scheduleSend(REPEAT_AFTER.toNanos());
    return message;
  }

  private static boolean isLonger(Presence message, int maxBytes) {
    return Frames.encode((ClientMessage) message).length > maxBytes;
  }

  private Presence message(int channel, Own now) {
    List<Presence.Selection> selections = new ArrayList<>();
    for (AnchoredSelection selection : now.selections) {
      selections.add(
          new Presence.Selection(
              Payload.of(selection.mark().toBytes()), Payload.of(selection.caret().toBytes())));
    }
    return new Presence(
        channel,
        participant,
        clock,
        false,
        (int) EXPIRY.toMillis(),
        now.name,
        now.color,
        selections,
        now.extension);
  }

  private Presence leave(int channel) {
    shown = false;
    return Presence.gone(channel, participant, ++clock);
  }

  // --- The connection ---

  /** The channel is open: whoever is there tells it now, and so does this client. */
  void attached() {
    if (attached) {
      return;
    }
    attached = true;
    long until = now() + CONFIRM_WITHIN.toNanos();
    others.values().forEach(other -> other.confirmUntil(until));
    watchExpiry();
    due = own.get() != null;
    ready.run();
  }

  /** The connection is gone, or the text is closed. Others stay until they expire. */
  void detached() {
    attached = false;
    due = false;
    shown = false;
    cancelSend();
  }

  // --- Others ---

  /** Returns who is there, oldest acquaintance first. */
  List<Participant> others() {
    return others.values().stream().sorted().map(other -> other.participant).toList();
  }

  /** The relay tells of somebody. */
  void received(Presence message) {
    if (message.participant() == participant) {
      // This client itself, on a connection before.
      return;
    }
    Other known = others.get(message.participant());
    if (known != null && message.clock() <= known.last.clock()) {
      if (message.clock() == known.last.clock()) {
        known.confirmed();
      }
      return;
    }
    if (message.gone()) {
      if (others.remove(message.participant()) != null) {
        othersChanged.run();
      }
      return;
    }
    if (known == null && others.size() >= MAX_PARTICIPANTS) {
      return;
    }
    List<AnchoredSelection> selections = parse(message.selections());
    if (selections == null) {
      // Shown by a program of another kind; it is nobody's edit.
      return;
    }
    others.put(message.participant(), new Other(message, selections, known));
    watchExpiry();
    if (known == null || !known.showsTheSameAs(message)) {
      othersChanged.run();
    }
  }

  private static @Nullable List<AnchoredSelection> parse(List<Presence.Selection> selections) {
    try {
      List<AnchoredSelection> parsed = new ArrayList<>();
      for (Presence.Selection each : selections) {
        parsed.add(
            new AnchoredSelection(
                Anchor.parse(each.anchor().bytes()), Anchor.parse(each.head().bytes())));
      }
      return parsed;
    } catch (MalformedUpdateException e) {
      return null;
    }
  }

  private void watchExpiry() {
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
    long now = now();
    long least = Long.MAX_VALUE;
    for (Other other : others.values()) {
      least = Math.min(least, other.untilNanos - now);
    }
    if (least < Long.MAX_VALUE) {
      expiry =
          environment
              .loop()
              .schedule(
                  Math.max(1, least),
                  () -> {
                    expiry = null;
                    forgetExpired();
                  });
    }
  }

  private void forgetExpired() {
    long now = now();
    if (others.values().removeIf(other -> other.untilNanos - now <= 0)) {
      othersChanged.run();
    }
    watchExpiry();
  }

  /** Forgets everybody: the text is closed. */
  void close() {
    detached();
    others.clear();
    watchExpiry();
    othersChanged.run();
  }

  private long now() {
    return environment.ticker().getAsLong();
  }

  /** Somebody else, as last heard. */
  private final class Other implements Comparable<Other> {
    final Presence last;
    final Participant participant;
    final long metAtNanos;
    final long expiresAtNanos;
    long untilNanos;

    Other(Presence message, List<AnchoredSelection> selections, @Nullable Other before) {
      long now = now();
      int millis = message.expiresAfterMillis();
      last = message;
      metAtNanos = before == null ? now : before.metAtNanos;
      expiresAtNanos =
          now + TimeUnit.MILLISECONDS.toNanos(millis == 0 ? EXPIRY.toMillis() : millis);
      untilNanos = expiresAtNanos;
      participant =
          new Participant(
              message.participant(),
              message.name(),
              message.color(),
              selections,
              message.extension(),
              before != null && before.showsTheSameAs(message)
                  ? before.participant.changedAtNanos()
                  : now,
              environment.ticker());
    }

    boolean showsTheSameAs(Presence message) {
      return last.name().equals(message.name())
          && last.color() == message.color()
          && last.selections().equals(message.selections())
          && last.extension().equals(message.extension());
    }

    void confirmUntil(long nanos) {
      untilNanos = Math.min(untilNanos - nanos, 0) + nanos;
    }

    void confirmed() {
      untilNanos = expiresAtNanos;
    }

    @Override
    public int compareTo(Other other) {
      int byTime = Long.compare(metAtNanos - other.metAtNanos, 0);
      return byTime != 0 ? byTime : Long.compare(last.participant(), other.last.participant());
    }
  }
}
