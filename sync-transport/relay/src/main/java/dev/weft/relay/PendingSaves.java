package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.relay.RelayMetrics.SaveOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The saves of one document that wait: first for the edits that they cover, then for the store.
 * Each is answered once; an acknowledgement is given only for what the store has confirmed to be
 * flushed. Confined to the document's worker.
 */
final class PendingSaves {
  private final Hooks hooks;
  private final RelayTimes times;
  private final int maxOfChannel;
  private final Supplier<Guarantee> guarantee;
  private final RelayMetrics metrics;
  private final List<Pending> pending = new ArrayList<>();
  private final Map<Channel, Waiter> whenAnswered = new LinkedHashMap<>();

  /** The next look at which saves have waited too long, and when it is due. */
  private Timer.@Nullable Scheduled look;

  private long lookNanos;

  /**
   * Creates an empty line.
   *
   * @param guarantee tells, of what was flushed before it is asked, at least how safe that is
   */
  PendingSaves(
      Hooks hooks,
      RelayTimes times,
      int maxOfChannel,
      Supplier<Guarantee> guarantee,
      RelayMetrics metrics) {
    this.hooks = hooks;
    this.times = times;
    this.maxOfChannel = maxOfChannel;
    this.guarantee = guarantee;
    this.metrics = metrics;
  }

  /** What the saves need of their document. */
  interface Hooks {
    long now();

    /** Runs a task on the document's worker, later. */
    Timer.Scheduled after(Duration delay, Runnable task);

    /** Returns whether a save is of other changes than the document has under these numbers. */
    boolean isForked(ClientMessage.Save save);
  }

  private record Pending(
      Channel channel,
      ClientMessage.Save save,
      boolean hasEdits,
      long askedNanos,
      long deadlineNanos) {}

  /** Who waits for the saves of a channel, and how long yet. */
  private record Waiter(Runnable then, Timer.Scheduled impatience) {}

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /**
   * Takes a save on; in the place of one with the same id, which is the same save.
   *
   * @param version what the document has
   * @return whether it waits for the store; if not, it waits for edits, or has been refused
   */
  boolean add(Channel channel, ClientMessage.Save save, VersionVector version) {
    pending.removeIf(each -> each.channel == channel && each.save.id().equals(save.id()));
    long ofChannel = pending.stream().filter(each -> each.channel == channel).count();
    if (ofChannel >= maxOfChannel) {
      refuse(
          channel,
          save,
          Refusal.forNow(
              Codes.TOO_MANY_SAVES,
              "At most " + maxOfChannel + " saves of a document may wait at once.",
              1_000));
      return false;
    }
    boolean hasEdits = version.includes(save.vector());
    pending.add(new Pending(channel, save, hasEdits, hooks.now(), deadline(hasEdits)));
    scheduleLook();
    return hasEdits;
  }

  /**
   * Looks which saves have all their edits now.
   *
   * @return whether any has come to wait for the store
   */
  boolean editsCame(VersionVector version) {
    boolean any = false;
    for (int i = 0; i < pending.size(); i++) {
      Pending each = pending.get(i);
      if (!each.hasEdits && version.includes(each.save.vector())) {
        pending.set(i, new Pending(each.channel, each.save, true, each.askedNanos, deadline(true)));
        any = true;
      }
    }
    return any;
  }

  /**
   * Acknowledges all saves that are covered by what the store has confirmed to be flushed, except
   * those that ask for more than that is worth, or speak of other changes, which are refused.
   */
  void flushed(VersionVector durable) {
    Guarantee reached = guarantee.get();
    for (Pending each : take(each -> durable.includes(each.save.vector()))) {
      if (hooks.isForked(each.save)) {
        refuse(each, Refusals.forkedIdentity());
      } else if (reached.satisfies(each.save.guarantee())) {
        metrics.save(SaveOutcome.ACKNOWLEDGED, hooks.now() - each.askedNanos);
        each.channel.answer(
            new RelayMessage.SaveAcknowledged(
                each.channel.number, each.save.id(), each.save.vector(), reached));
      } else {
        refuse(
            each,
            Refusal.forGood(
                Codes.GUARANTEE_UNAVAILABLE,
                "What is saved here is on the disks of "
                    + Sentences.machines(reached.copies())
                    + "; the save asks for "
                    + each.save.guarantee().copies()
                    + "."));
      }
    }
    tellAnswered();
  }

  /** Refuses all saves that wait for the store: it has failed. */
  void storeFailed() {
    for (Pending each : take(each -> each.hasEdits)) {
      refuse(each, Refusals.storeUnwritable(retryMillis()));
    }
    tellAnswered();
  }

  private void scheduleLook() {
    if (pending.isEmpty()) {
      return;
    }
    long now = hooks.now();
    long soonest = Long.MAX_VALUE;
    for (Pending each : pending) {
      soonest = Math.min(soonest, Math.max(0, each.deadlineNanos - now));
    }
    if (look != null && now + soonest - lookNanos >= 0) {
      return;
    }
    if (look != null) {
      look.cancel();
    }
    lookNanos = now + soonest;
    look =
        hooks.after(
            Duration.ofNanos(soonest),
            () -> {
              look = null;
              expire(hooks.now());
              scheduleLook();
            });
  }

  /** Refuses what has waited too long. */
  private void expire(long nowNanos) {
    for (Pending each : take(each -> each.deadlineNanos - nowNanos <= 0)) {
      Refusal refusal =
          each.hasEdits
              ? Refusal.forNow(
                  Codes.STORE_UNAVAILABLE,
                  "The relay's store has not confirmed within "
                      + Sentences.of(times.saveStore())
                      + ".",
                  retryMillis())
              : Refusal.forNow(
                  Codes.EDITS_MISSING,
                  "The save covers edits that have not come within "
                      + Sentences.of(times.saveEdits())
                      + ".",
                  retryMillis());
      refuse(each, refusal);
    }
    tellAnswered();
  }

  /**
   * Calls {@code then} once: at once if no save of a channel waits, or else as soon as none does,
   * or when the client has waited long enough and is to ask again. What a save has asked of the
   * store goes on without it.
   */
  void whenAnswered(Channel channel, Runnable then) {
    if (isAnswered(channel)) {
      then.run();
    } else {
      whenAnswered.put(
          channel, new Waiter(then, hooks.after(times.pollSaves(), () -> tell(channel))));
    }
  }

  private boolean isAnswered(Channel channel) {
    return pending.stream().noneMatch(each -> each.channel == channel);
  }

  private void tellAnswered() {
    List.copyOf(whenAnswered.keySet()).forEach(this::tellAnswered);
  }

  private void tellAnswered(Channel channel) {
    if (isAnswered(channel)) {
      tell(channel);
    }
  }

  private void tell(Channel channel) {
    Waiter waiter = whenAnswered.remove(channel);
    if (waiter != null) {
      waiter.impatience.cancel();
      waiter.then.run();
    }
  }

  /** Forgets the saves of a channel that is closed. */
  void forget(Channel channel) {
    for (Pending each : take(each -> each.channel == channel)) {
      metrics.save(SaveOutcome.ABANDONED, hooks.now() - each.askedNanos);
    }
    tellAnswered(channel);
  }

  private List<Pending> take(Predicate<Pending> which) {
    List<Pending> taken = new ArrayList<>();
    for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
      Pending candidate = each.next();
      if (which.test(candidate)) {
        each.remove();
        taken.add(candidate);
      }
    }
    return taken;
  }

  private long deadline(boolean hasEdits) {
    return hooks.now() + (hasEdits ? times.saveStore() : times.saveEdits()).toNanos();
  }

  private int retryMillis() {
    return Math.toIntExact(times.storeRetry().toMillis());
  }

  private void refuse(Pending pending, Refusal refusal) {
    refuse(pending.channel, pending.save, refusal, hooks.now() - pending.askedNanos);
  }

  /** Refuses a save that does not come to wait. */
  void refuse(Channel channel, ClientMessage.Save save, Refusal refusal) {
    refuse(channel, save, refusal, 0);
  }

  private void refuse(Channel channel, ClientMessage.Save save, Refusal refusal, long waitedNanos) {
    metrics.save(SaveOutcome.REFUSED, waitedNanos);
    metrics.refused(refusal.code());
    channel.answer(new RelayMessage.SaveRefused(channel.number, save.id(), refusal));
  }
}
