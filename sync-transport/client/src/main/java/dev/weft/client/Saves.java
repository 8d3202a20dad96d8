package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.PendingSave;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The saves of one text, from the request to the receipt or the refusal. Confined to the loop.
 *
 * <p>A save is first stored on this device, with all that it covers, so that it outlives a restart;
 * then, when the edits it covers have gone before it, it is sent, and sent again on every
 * connection until the relay answers. At most one is on its way and one waits: a save that is asked
 * for while another waits takes its place and its callers, and covers what the other does beside
 * its own. So thousands of requests while offline cost what one does.
 *
 * <p>Nothing follows from the order of requests: of two, the later may cover less, since each
 * thread takes the version before it queues for the loop. Whatever stands for several saves is
 * therefore merged from all of them, in memory and in the store.
 */
final class Saves {
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** Longer than a relay waits for edits that a save covers. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final DocumentId document;
  private final Journal journal;
  private final Environment environment;
  private final boolean hasRelay;
  private final Runnable wake;
  private final Consumer<SaveProgress> progress;
  private final Backoff retries;
  private final Patience answer;

  private @Nullable Save onItsWay;
  private @Nullable Save waiting;
  private @Nullable Save storing;
  private @Nullable Refusal refusal;
  private VersionVector refusedVersion = VersionVector.EMPTY;
  private int localSaves;

  /** Who is to be told what, once the status says it too. */
  private final List<Runnable> answers = new ArrayList<>();

  /**
   * Creates the saves of a text just loaded.
   *
   * @param hasRelay whether there is a relay at all; if not, flushing to this device is all there
   *     is
   * @param wake is run when a save may have become ready to send, or the state has changed
   * @param progress is told what saves come to
   */
  Saves(
      DocumentId document,
      Journal journal,
      Environment environment,
      boolean hasRelay,
      Runnable wake,
      Consumer<SaveProgress> progress) {
    this.document = document;
    this.journal = journal;
    this.environment = environment;
    this.hasRelay = hasRelay;
    this.wake = wake;
    this.progress = progress;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
    this.answer = new Patience(environment, ANSWER_WITHIN, this::unanswered);
  }

  /** All of {@code version} is safe now: a save of less was refused for nothing. */
  void areSafe(VersionVector version) {
    if (refusal != null && version.includes(refusedVersion)) {
      refusal = null;
    }
  }

  /**
   * Returns why the last save was refused for good; null if it was not, or another was begun, or
   * all that it covered is safe after all.
   *
   * @param safe what is as safe as it can be here
   */
  @Nullable Refusal refusal(VersionVector safe) {
    return refusal != null && safe.includes(refusedVersion) ? null : refusal;
  }

  /** The reason of the last refusal may be gone. */
  void forgetRefusal() {
    refusal = null;
  }

  /**
   * Takes up the saves that an earlier run left in the store, oldest first. Where there are several
   * they are stored as the one that they become before any is forgotten, since this run may not
   * live to see the answer either.
   */
  void resume(List<PendingSave> pending) {
    for (PendingSave save : pending) {
      Save resumed = new Save(save.saveId(), save.version(), save.copies());
      resumed.stored = true;
      resumed.everStored = true;
      enqueue(resumed);
    }
    if (waiting != null) {
      begun(waiting);
      storeWaiting();
    }
  }

  /** Returns whether a save is under way. */
  boolean isSaving() {
    return onItsWay != null || waiting != null || localSaves > 0;
  }

  /**
   * Begins a save.
   *
   * @param version what it covers: all that the text had when it was asked for
   * @param atLeast how safe it must be; null: as safe as one relay makes it, or without a relay
   *     this device
   * @param deadline when the caller gives up waiting; null: never
   */
  void request(
      VersionVector version,
      @Nullable Guarantee atLeast,
      @Nullable Duration deadline,
      CompletableFuture<SaveReceipt> future) {
    refusal = null;
    boolean local = atLeast == null ? !hasRelay : atLeast.level() == Guarantee.Level.DEVICE;
    boolean joins = !local && waiting != null;
    Save save = new Save(newId(), version, atLeast == null || local ? 1 : atLeast.copies());
    save.waiters.add(new Waiter(future, deadlineTimer(save.id, deadline, future), save.copies));
    if (!joins) {
      begun(save);
    }
    if (local) {
      saveLocally(save);
    } else if (hasRelay) {
      enqueue(save);
      storeWaiting();
    } else {
      refuse(
          save,
          Refusal.forGood(
              Codes.GUARANTEE_UNAVAILABLE,
              "there is no relay: this device alone gives " + Guarantee.DEVICE));
    }
    wake.run();
  }

  private void begun(Save save) {
    answers.add(() -> progress.accept(SaveProgress.pending(save.id, save.version, now())));
  }

  private Instant now() {
    return environment.wallClock().instant();
  }

  private Loop.@Nullable Timer deadlineTimer(
      String id, @Nullable Duration deadline, CompletableFuture<SaveReceipt> future) {
    if (deadline == null) {
      return null;
    }
    long nanos = Loop.nanosOf(deadline);
    TimeoutException late =
        new TimeoutException(
            "save "
                + id
                + " was not acknowledged within "
                + TimeUnit.NANOSECONDS.toMillis(nanos)
                + " ms; it is kept and goes on until the relay answers");
    return environment
        .loop()
        .schedule(
            nanos,
            () -> environment.completions().execute(() -> future.completeExceptionally(late)));
  }

  /** Puts a save behind the one on its way, in the place of one that waits there. */
  private void enqueue(Save save) {
    Save replaced = waiting;
    if (replaced != null) {
      replaced.cancelRetry();
      save.standFor(replaced);
    }
    waiting = save;
  }

  /** Has the waiting save stored; of many that take each other's place, few reach the disk. */
  private void storeWaiting() {
    Save save = waiting;
    if (storing != null || save == null || save.stored) {
      return;
    }
    storing = save;
    // Until the write is over; whatever the save comes to stand for meanwhile undoes it.
    save.stored = true;
    save.everStored = true;
    PendingSave pending = new PendingSave(save.id, save.version, save.copies);
    List<String> replaced = List.copyOf(save.replaced);
    journal.write(
        Durability.WRITTEN,
        // In this order: a crash between leaves both, which the next run merges again.
        store -> {
          store.putPendingSave(document, pending);
          for (String id : replaced) {
            store.removePendingSave(document, id);
          }
        },
        failure -> {
          storing = null;
          // A device that cannot store must not keep the relay from it: the relay's disk is what
          // the receipt vouches for. Only a restart would forget to ask again, and the status says
          // so. What this save has come to stand for meanwhile is stored by another round.
          if (failure == null) {
            forgotten(save, replaced);
          }
          if (save != waiting && !isReplacedByWaiting(save)) {
            // It was refused meanwhile, and forgotten perhaps before it was stored.
            journal.forgetSave(save.id);
          }
          storeWaiting();
          wake.run();
        });
  }

  /** These are gone from the store: whoever stands for them need not remove them again. */
  private void forgotten(Save stored, List<String> replaced) {
    replaced.forEach(stored.replaced::remove);
    if (waiting != null) {
      replaced.forEach(waiting.replaced::remove);
    }
  }

  private boolean isReplacedByWaiting(Save save) {
    return waiting != null && waiting.replaced.contains(save.id);
  }

  private void saveLocally(Save save) {
    localSaves++;
    journal.write(
        Durability.FSYNCED,
        store -> {},
        failure -> {
          localSaves--;
          if (failure == null) {
            retries.reset();
            complete(save, new SaveReceipt(save.id, save.version, Guarantee.DEVICE));
          } else {
            String reason = String.valueOf(failure.getMessage());
            refuse(save, new Refusal(Codes.STORE_UNAVAILABLE, reason, true, 0));
          }
          wake.run();
        });
  }

  /**
   * Returns the message to send now, if there is one, and counts it as sent.
   *
   * @param taken what has been sent before it
   * @param digest returns the digest of a version of the text
   */
  @Nullable ClientMessage next(
      int channel, VersionVector taken, ToLongFunction<VersionVector> digest) {
    Save save = waiting;
    if (onItsWay != null
        || save == null
        || !save.stored
        || save == storing
        || save.retry != null
        || !taken.includes(save.version)) {
      return null;
    }
    waiting = null;
    onItsWay = save;
    answer.beginAnew();
    return new ClientMessage.Save(
        channel,
        save.id,
        save.version,
        Guarantee.onWire(save.copies),
        digest.applyAsLong(save.version));
  }

  /** The answer may be lost, or the relay may have forgotten: asking again does no harm. */
  private void unanswered() {
    if (onItsWay != null) {
      takeBack(onItsWay);
      storeWaiting();
      wake.run();
    }
  }

  /** Tells callers and listeners what saves came to since the last time. */
  void tellCallers() {
    List<Runnable> untold = List.copyOf(answers);
    answers.clear();
    untold.forEach(Runnable::run);
  }

  /** The relay has done a save. One that is not on its way was answered before. */
  void acknowledged(RelayMessage.SaveAcknowledged message) {
    Save save = onItsWay;
    if (save == null || !save.id.equals(message.id())) {
      return;
    }
    if (!message.vector().includes(save.version)
        || !message.guarantee().satisfies(Guarantee.onWire(save.copies))) {
      tryAgain(save, retries.nextDelayNanos());
      return;
    }
    settle(save);
    retries.reset();
    complete(save, new SaveReceipt(save.id, message.vector(), Guarantee.of(message.guarantee())));
  }

  /** The relay has not done a save. */
  void refused(RelayMessage.SaveRefused message) {
    Save save = onItsWay;
    if (save == null || !save.id.equals(message.id())) {
      return;
    }
    Refusal why = message.refusal();
    if (why.retryable()) {
      long asked = TimeUnit.MILLISECONDS.toNanos(why.retryAfterMillis());
      tryAgain(save, asked + retries.nextDelayNanos());
    } else {
      settle(save);
      Save modest = why.code().equals(Codes.GUARANTEE_UNAVAILABLE) ? save.splitModest() : null;
      refuse(save, why);
      if (modest != null) {
        begun(modest);
        enqueue(modest);
        storeWaiting();
      }
    }
  }

  /** The connection is gone: what was on its way is sent again on the next one. */
  void linkLost() {
    if (onItsWay != null) {
      takeBack(onItsWay);
      storeWaiting();
    }
  }

  /** Nothing of this text will be taken: refuses all saves. */
  void refuseAll(Refusal why) {
    if (onItsWay != null) {
      takeBack(onItsWay);
    }
    Save save = waiting;
    if (save != null) {
      waiting = null;
      save.cancelRetry();
      forget(save);
      refuse(save, why);
    }
  }

  /** The text is closed: the saves stay in the store, but their callers hear no more of them. */
  void close() {
    linkLost();
    Save save = waiting;
    if (save != null) {
      save.cancelRetry();
      fail(
          save,
          new IllegalStateException(
              "the text was closed before the relay answered save "
                  + save.id
                  + "; it is kept and goes on when the text is opened again"));
    }
  }

  /** A save was asked for while the text was being closed. */
  void refuseClosed(CompletableFuture<SaveReceipt> future) {
    IllegalStateException late =
        new IllegalStateException("the text was closed before it was saved");
    environment.completions().execute(() -> future.completeExceptionally(late));
  }

  private void tryAgain(Save save, long delayNanos) {
    Save kept = takeBack(save);
    storeWaiting();
    if (kept.retry == null) {
      kept.retry =
          environment
              .loop()
              .schedule(
                  delayNanos,
                  () -> {
                    kept.retry = null;
                    wake.run();
                  });
    }
  }

  /** Makes the save on its way wait again, and returns the one that now stands for it. */
  private Save takeBack(Save save) {
    onItsWay = null;
    answer.end();
    Save later = waiting;
    if (later == null) {
      waiting = save;
      return save;
    }
    later.standFor(save);
    return later;
  }

  /** The save on its way is answered. */
  private void settle(Save save) {
    onItsWay = null;
    answer.end();
    forget(save);
  }

  /** Forgets a save in the store, with those that it stands for where they are there still. */
  private void forget(Save save) {
    journal.forgetSave(save.id);
    save.replaced.forEach(journal::forgetSave);
  }

  private void complete(Save save, SaveReceipt receipt) {
    for (Waiter waiter : save.waiters) {
      waiter.cancelDeadline();
      answers.add(() -> environment.completions().execute(() -> waiter.future.complete(receipt)));
    }
    answers.add(() -> progress.accept(SaveProgress.acknowledged(receipt, now())));
  }

  private void refuse(Save save, Refusal why) {
    refusedVersion = refusal == null ? save.version : refusedVersion.merge(save.version);
    refusal = why;
    answers.add(() -> progress.accept(SaveProgress.refused(save.id, save.version, why, now())));
    fail(save, new SaveRefusedException(why));
  }

  private void fail(Save save, Exception exception) {
    for (Waiter waiter : save.waiters) {
      waiter.cancelDeadline();
      answers.add(
          () ->
              environment
                  .completions()
                  .execute(() -> waiter.future.completeExceptionally(exception)));
    }
    save.waiters.clear();
  }

  private String newId() {
    return HexFormat.of().toHexDigits(environment.random().nextLong())
        + HexFormat.of().toHexDigits(environment.random().nextLong());
  }

  /** One save. */
  private static final class Save {
    final String id;
    final List<Waiter> waiters = new ArrayList<>();

    /** Those that it stands for and that may be in the store still. */
    final Set<String> replaced = new LinkedHashSet<>();

    VersionVector version;
    int copies;

    /** How many the most modest of those asked for whom it stands for. */
    int leastCopies;

    /** Whether the store has it, or has failed to take it, as it is now. */
    boolean stored;

    /** Whether the store may have it, if only as it was before. */
    boolean everStored;

    Loop.@Nullable Timer retry;

    Save(String id, VersionVector version, int copies) {
      this.id = id;
      this.version = version;
      this.copies = copies;
      this.leastCopies = copies;
    }

    /**
     * Takes out, into a save of their own, those that asked for less than this one does; returns
     * null if none did. Nobody is to go without for what somebody else has asked.
     */
    @Nullable Save splitModest() {
      if (leastCopies == copies) {
        return null;
      }
      int most = leastCopies;
      for (Waiter waiter : waiters) {
        if (waiter.copies < copies) {
          most = Math.max(most, waiter.copies);
        }
      }
      Save modest = new Save(id + "-" + most, version, most);
      modest.leastCopies = leastCopies;
      for (Waiter waiter : List.copyOf(waiters)) {
        if (waiter.copies < copies) {
          modest.waiters.add(waiter);
          waiters.remove(waiter);
        }
      }
      return modest;
    }

    /**
     * Takes the callers of another, and covers what it does, as safely: a receipt for this one is
     * one for the other, which the store forgets only together with storing this one anew.
     */
    void standFor(Save other) {
      leastCopies = Math.min(leastCopies, other.leastCopies);
      waiters.addAll(0, other.waiters);
      replaced.addAll(other.replaced);
      if (other.everStored) {
        replaced.add(other.id);
      }
      version = version.merge(other.version);
      copies = Math.max(copies, other.copies);
      stored = false;
    }

    void cancelRetry() {
      if (retry != null) {
        retry.cancel();
        retry = null;
      }
    }
  }

  /** Somebody who waits for a receipt. */
  private record Waiter(
      CompletableFuture<SaveReceipt> future, Loop.@Nullable Timer deadline, int copies) {
    void cancelDeadline() {
      if (deadline != null) {
        deadline.cancel();
      }
    }
  }
}
