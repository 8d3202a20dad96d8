package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.OutboxSize;
import dev.weft.store.StoreException;
import dev.weft.store.WorkspaceStore;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a text's outbox within its bounds: tells the text how far it may be edited, and how full
 * the outbox is. Confined to the loop.
 *
 * <p>Changes are counted exactly. Bytes are those in the store, and for what is yet to come as many
 * as it can take at most; near the bound they are measured again after every write, once
 * neighbouring rows have been joined.
 */
final class OutboxGauge {
  /**
   * Of one inserted or deleted UTF-16 unit, when neighbours are joined: its text, and if it was not
   * typed beside the one before, where it stands.
   */
  static final int MOST_BYTES_PER_CHANGE = 16;

  /** What a row of the store may take beside. */
  private static final int ROW_BYTES = 64;

  /** From here on, in hundredths of a bound, the outbox is nearly full. */
  private static final int NEARLY = 80;

  private static final long NEVER = Long.MIN_VALUE / 2;

  /** By which part of the bound it must have grown for its rows to be joined again. */
  private static final int COMPACTED_PART = 20;

  private final DocumentId document;
  private final LocalCopy copy;
  private final Journal journal;
  private final WorkspaceStore store;
  private final Environment environment;
  private final Housekeeping housekeeping;
  private final OutboxLimits limits;
  private final boolean hasRelay;
  private final Runnable changed;

  private long limit;
  private Level level;
  private boolean measuring;
  private long notes;
  private boolean compacting;
  private long compactedBytes = NEVER;

  /**
   * Creates the gauge of a text just loaded.
   *
   * @param hasRelay whether there is a relay at all; if not, nothing waits for it, and only what
   *     the store could not take is bounded
   * @param changed is told when {@link #level} has changed
   */
  OutboxGauge(
      StoredText text,
      LocalCopy copy,
      Journal journal,
      Environment environment,
      OutboxLimits limits,
      boolean hasRelay,
      Runnable changed) {
    this.document = text.document();
    this.copy = copy;
    this.journal = journal;
    this.store = text.store();
    this.environment = environment;
    this.housekeeping = journal.housekeeping();
    this.limits = limits;
    this.hasRelay = hasRelay;
    this.changed = changed;
    level = levelNow(hasRelay ? text.outboxSize() : OutboxSize.EMPTY);
  }

  /** How full the outbox is. */
  enum Level {
    ROOMY,
    NEARLY_FULL,
    FULL
  }

  Level level() {
    return level;
  }

  /** Something was written, or the relay holds more: measures if that may matter. */
  void check() {
    if (!hasRelay) {
      enter(levelNow(OutboxSize.EMPTY));
      return;
    }
    boolean near = level != Level.ROOMY || limit - copy.ownNext() < limits.least() / 2;
    if (near || notes != journal.notes()) {
      measureNow();
    }
  }

  /** An edit was refused by what was measured before, which may be over. Any thread. */
  private void measureSoon() {
    environment.loop().execute(hasRelay ? this::measureNow : this::check);
  }

  private void measureNow() {
    if (!measuring) {
      measuring = true;
      notes = journal.notes();
      environment.disk().execute(this::measure);
    }
  }

  private void measure() {
    OutboxSize size = sizeInStore();
    environment
        .loop()
        .execute(
            () -> {
              measuring = false;
              if (size != null) {
                measured(size);
              }
            });
  }

  private @Nullable OutboxSize sizeInStore() {
    try {
      return store.outboxSize(document);
    } catch (StoreException | IllegalStateException e) {
      // The journal meets the same and says so; the limit stays as it was.
      return null;
    }
  }

  private void measured(OutboxSize size) {
    enter(levelNow(size));
    if (level == Level.ROOMY) {
      compactedBytes = NEVER;
    }
    if (level == Level.ROOMY || compacting) {
      return;
    }
    if (size.bytes() - compactedBytes > limits.maxBytes() / COMPACTED_PART) {
      compacting = true;
      housekeeping.compactNow(this::compacted);
    }
  }

  private void compacted() {
    environment
        .disk()
        .execute(
            () -> {
              OutboxSize size = sizeInStore();
              environment
                  .loop()
                  .execute(
                      () -> {
                        compacting = false;
                        if (size != null) {
                          compactedBytes = size.bytes();
                          enter(levelNow(size));
                        }
                      });
            });
  }

  private void enter(Level now) {
    if (level != now) {
      level = now;
      changed.run();
    }
  }

  /** Lets the text be edited as far as there is room, and returns how full that leaves it. */
  private Level levelNow(OutboxSize stored) {
    long own = copy.ownNext();
    VersionVector inStore = journal.stored();
    long unstored = own - inStore.next(copy.replica());
    long changes = stored.changes() + unstored;
    long room =
        Math.min(
            limits.maxChanges() - changes,
            (limits.maxBytes() - stored.bytes() - ROW_BYTES) / MOST_BYTES_PER_CHANGE - unstored);
    limit = own + Math.max(0, room);
    copy.limit(
        limit,
        changes == 0 ? own : -1,
        next -> describe(changes + next - own, stored.bytes()),
        this::measureSoon);
    return levelOf(changes, stored.bytes(), room);
  }

  private Level levelOf(long changes, long bytes, long room) {
    if (room <= 0) {
      return Level.FULL;
    }
    boolean nearly =
        changes >= limits.maxChanges() / 100.0 * NEARLY
            || bytes >= limits.maxBytes() / 100.0 * NEARLY;
    return nearly ? Level.NEARLY_FULL : Level.ROOMY;
  }

  private String describe(long changes, long bytes) {
    String waiting =
        hasRelay
            ? "%,d of at most %,d changes (%,d of %,d bytes) wait for the relay; nothing is lost,"
                + " and editing goes on once the relay has taken some of them"
            : "%,d of at most %,d changes are not stored (%,d of %,d bytes); editing goes on once"
                + " the store can be written";
    return "the edit was not taken, for document "
        + document
        + " is as far ahead as it may be: "
        + String.format(
            Locale.ROOT, waiting, changes, limits.maxChanges(), bytes, limits.maxBytes());
  }
}
