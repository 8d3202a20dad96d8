package dev.weft.lab;

import dev.weft.client.Guarantee;
import dev.weft.client.SaveProgress;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.store.PendingSave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The saves of a text that is open, those among them that an earlier run left in the store: each is
 * kept while it waits, is answered, and what its receipt says is so. Confined to the simulation's
 * thread.
 */
final class SavesOfText {
  /** How long a device may take to store what is asked of it, while its disk is well. */
  private static final long STORED_WITHIN_NANOS = Duration.ofSeconds(5).toNanos();

  private final World world;
  private final Device device;
  private final SharedText text;
  private final List<Asked> asked = new ArrayList<>();

  /** Those of which it was told that they are pending, and not what they came to. */
  private final Set<String> pendingIds = new LinkedHashSet<>();

  /** What those asked for that an earlier run left in the store. */
  private final Map<String, PendingSave> left = new HashMap<>();

  SavesOfText(World world, Device device, SharedText text) {
    this.world = world;
    this.device = device;
    this.text = text;
    Subscription unused = text.onSave(this::progressed);
    if (!device.disk().isRotten()) {
      device.store().keptSaves(text.documentId()).forEach(save -> left.put(save.saveId(), save));
    }
  }

  /** A save that somebody asked for, and waits for. */
  private record Asked(
      CompletableFuture<SaveReceipt> future,
      VersionVector version,
      @Nullable Guarantee atLeast,
      long askedNanos,
      long endsNanos) {

    boolean waitsForRelay(long now) {
      return !future.isDone()
          && !Guarantee.DEVICE.equals(atLeast)
          && now - askedNanos > STORED_WITHIN_NANOS;
    }
  }

  /** Saves, and holds whoever acknowledges that to it. */
  void ask(@Nullable Guarantee atLeast, @Nullable Duration deadline) {
    world.tally().count(Event.SAVES_ASKED);
    VersionVector version = text.version();
    CompletableFuture<SaveReceipt> future;
    if (deadline == null) {
      future = atLeast == null ? text.save() : text.save(atLeast);
    } else {
      future = atLeast == null ? text.save(deadline) : text.save(atLeast, deadline);
    }
    long now = world.time().nanos();
    long endsNanos = deadline == null ? Long.MAX_VALUE : now + deadline.toNanos() + 1_000_000;
    asked.add(new Asked(future, version, atLeast, now, endsNanos));
    World.whenDone(
        future,
        (receipt, failure) -> {
          if (receipt != null) {
            acknowledged(receipt, version, atLeast);
          } else if (failure != null) {
            notSaved(failure);
          }
        });
  }

  private void acknowledged(
      SaveReceipt receipt, VersionVector version, @Nullable Guarantee atLeast) {
    world.tally().count(Event.SAVES_ACKNOWLEDGED);
    device.note("has a receipt for " + text.documentId() + ": " + receipt.guarantee());
    if (!receipt.version().includes(version)) {
      throw new Falsehood(
          Promise.SAVE_IS_WHOLE,
          device + " saved " + version + " and got a receipt for " + receipt.version());
    }
    if (atLeast != null && receipt.guarantee().copies() < atLeast.copies()) {
      throw new Falsehood(
          Promise.SAVE_IS_WHOLE, device + " asked for " + atLeast + " and got " + receipt);
    }
    if (receipt.guarantee().level() == Guarantee.Level.DEVICE) {
      VersionVector durable = device.store().durable(text.documentId());
      if (!durable.includes(receipt.version())) {
        throw new Falsehood(
            Promise.SAVED_IS_SAFE, device + " has " + receipt + ", its disk " + durable);
      }
    } else {
      world.vault().promised(text.documentId(), receipt.version());
    }
  }

  private void notSaved(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      world.tally().count(Event.SAVES_LATE);
    } else if (cause instanceof SaveRefusedException) {
      world.tally().count(Event.SAVES_REFUSED);
      device.note("is refused a save: " + cause.getMessage());
    } else if (!(cause instanceof IllegalStateException)) {
      throw new Falsehood(Promise.SAVE_IS_ANSWERED, device + " got for a save", failure);
    }
  }

  /** A listener is told what a save came to, one of an earlier run perhaps. */
  private void progressed(SaveProgress progress) {
    if (progress.state() == SaveProgress.State.PENDING) {
      pendingIds.add(progress.saveId());
      return;
    }
    pendingIds.remove(progress.saveId());
    PendingSave earlier = left.remove(progress.saveId());
    SaveReceipt receipt = progress.receipt();
    if (receipt == null) {
      return;
    }
    if (earlier != null
        && (!receipt.version().includes(earlier.version())
            || receipt.guarantee().copies() < earlier.copies())) {
      throw new Falsehood(
          Promise.SAVE_IS_WHOLE, device + " was left " + earlier + " and got " + receipt);
    }
    if (receipt.guarantee().level() != Guarantee.Level.DEVICE) {
      world.vault().promised(text.documentId(), receipt.version());
    }
  }

  /** Requires that those that wait are kept, and that none waits past its deadline. */
  void check(SyncStatus status) {
    long now = world.time().nanos();
    if (!status.degradations().contains(Degradation.STORE_UNAVAILABLE)
        && now > device.awakeAtNanos()
        && !device.isFrozen()
        && !device.disk().isRotten()
        && device.disk().wellForNanos(now) > STORED_WITHIN_NANOS
        && asked.stream().anyMatch(save -> save.waitsForRelay(now))) {
      requireKept(status, now);
    }
    for (Asked save : asked) {
      if (!save.future.isDone()
          && !device.isFrozen()
          && now > Math.max(save.endsNanos, device.awakeAtNanos())) {
        throw new Falsehood(
            Promise.SAVE_IS_ANSWERED, device + " waits for a save past its deadline");
      }
    }
  }

  private void requireKept(SyncStatus status, long now) {
    VersionVector kept = null;
    for (PendingSave each : device.store().keptSaves(text.documentId())) {
      kept = kept == null ? each.version() : kept.merge(each.version());
    }
    for (Asked save : asked) {
      if (save.waitsForRelay(now) && (kept == null || !kept.includes(save.version))) {
        throw new Falsehood(
            Promise.WAITING_SAVE_IS_KEPT,
            "%s waits for a save of %s, its store keeps one of %s, and it shows %s"
                .formatted(device, save.version, kept, status));
      }
    }
  }

  /** Returns whether who listens knows what each came to. */
  boolean areTold() {
    return pendingIds.isEmpty();
  }

  /** Requires, once all is well and quiet, that each was answered. */
  void checkAtRest() {
    if (asked.stream().anyMatch(save -> !save.future.isDone())) {
      throw new Falsehood(Promise.SAVE_IS_ANSWERED, device + " never heard of a save");
    }
  }

  @Override
  public String toString() {
    return asked.size() + " asked for, still told to be pending: " + pendingIds;
  }
}
