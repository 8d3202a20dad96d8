package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.CausalAppend;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a text that the relay refused for good. As long as there are some, nothing of the
 * text is sent, since all that comes later builds on them; reading goes on. Confined to the loop,
 * but for {@link #all}.
 *
 * <p>A letter of a repaired store is another thing: its changes are not in the text, since what
 * they build on was lost. It holds nothing back, and once the relay has brought that back, they are
 * taken in again.
 */
final class DeadLetters {
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** What a relay says of edits; what else it says holds for the document or the connection. */
  private static final Set<String> ABOUT_EDITS =
      Set.of(
          Codes.MALFORMED,
          Codes.TOO_LARGE,
          Codes.READ_ONLY,
          Codes.FORKED_IDENTITY,
          Codes.SHALLOW_HISTORY);

  private final DocumentId document;
  private final LocalCopy copy;
  private final Journal journal;
  private final Environment environment;
  private final Runnable changed;
  private final Backoff retries;

  private volatile List<DeadLetter> letters;
  private @Nullable Holding holding;

  /**
   * Creates the dead letters of a text just loaded.
   *
   * @param changed is told when a letter has come or gone
   */
  DeadLetters(
      StoredText text, LocalCopy copy, Journal journal, Environment environment, Runnable changed) {
    this.document = text.document();
    this.copy = copy;
    this.journal = journal;
    this.environment = environment;
    this.changed = changed;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
    this.letters = text.deadLetters();
    Refusal refusal = refusalOf(letters);
    if (refusal != null) {
      holding = new Holding(refusal, heldBy(letters));
    }
  }

  /** Returns what the relay has once it has all that letters hold. */
  private static VersionVector heldBy(List<DeadLetter> letters) {
    VersionVector.Builder held = new VersionVector.Builder();
    for (DeadLetter letter : letters) {
      if (letter.holdsBack()) {
        letter.changes().forEach(change -> held.advance(change.replica(), change.end()));
      }
    }
    return held.build();
  }

  /** Returns why nothing is sent; null if nothing is refused. */
  static @Nullable Refusal refusalOf(List<DeadLetter> letters) {
    for (DeadLetter letter : letters) {
      if (letter.holdsBack()) {
        return Refusal.forGood(letter.code(), letter.reason());
      }
    }
    return null;
  }

  /** Returns whether a refusal is about edits, so that they are to be kept as a dead letter. */
  static boolean isAboutEdits(Refusal why) {
    return !why.retryable() && ABOUT_EDITS.contains(why.code());
  }

  /** Returns the letters that the store has, oldest first. May be called by any thread. */
  List<DeadLetter> all() {
    return letters;
  }

  /** Returns why nothing is sent; null if nothing is refused. */
  @Nullable Refusal refusal() {
    return holding == null ? null : holding.why;
  }

  /** Returns whether what was refused was so because this client might only read. */
  boolean areForReadingOnly() {
    return holding != null
        && holding.why.code().equals(Codes.READ_ONLY)
        && letters.stream().allMatch(letter -> letter.code().equals(Codes.READ_ONLY));
  }

  /** The relay refuses all that it was sent and does not have. */
  void refused(Refusal why) {
    if (holding != null) {
      return;
    }
    LocalCopy.Changes refused = copy.unsent();
    VersionVector version = refused == null ? copy.version() : refused.version();
    holding = new Holding(why, version);
    if (refused != null) {
      keep(holding, parse(refused.update().bytes()), environment.wallClock().instant());
    }
  }

  /** Tries until the store has it: it is in the text, and only a restart would not know why. */
  private void keep(Holding held, List<Change> changes, Instant when) {
    AtomicReference<@Nullable DeadLetter> kept = new AtomicReference<>();
    Refusal why = held.why;
    journal.write(
        Durability.FSYNCED,
        store -> kept.set(store.putDeadLetter(document, why.code(), why.reason(), when, changes)),
        failure -> {
          DeadLetter letter = kept.get();
          if (letter != null) {
            kept(held, letter);
          } else if (held == holding) {
            Loop.Timer unused =
                environment
                    .loop()
                    .schedule(retries.nextDelayNanos(), () -> keepLater(held, changes, when));
          }
        });
  }

  private void keepLater(Holding held, List<Change> changes, Instant when) {
    if (held == holding) {
      keep(held, changes, when);
    }
  }

  private void kept(Holding held, DeadLetter letter) {
    if (held != holding) {
      // Tried again, or come to the relay by another way, before the store had it.
      journal.forgetDeadLetter(letter.number());
      return;
    }
    List<DeadLetter> more = new ArrayList<>(letters);
    more.add(letter);
    letters = List.copyOf(more);
    changed.run();
  }

  /** The relay holds {@code durable}: what it has after all is refused no more. */
  void relayHolds(VersionVector durable) {
    for (DeadLetter letter : letters) {
      if (letter.holdsBack() && letter.changes().stream().allMatch(it -> it.isKnown(durable))) {
        forget(letter);
      }
    }
    if (holding != null && durable.includes(holding.version)) {
      holding = null;
    }
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the text wrote an update that cannot be read", e);
    }
  }

  /** Forgets what was refused: it is to be sent again. */
  void retry() {
    holding = null;
    for (DeadLetter letter : letters) {
      if (letter.holdsBack()) {
        forget(letter);
      }
    }
  }

  private void forget(DeadLetter letter) {
    List<DeadLetter> fewer = new ArrayList<>(letters);
    fewer.remove(letter);
    letters = List.copyOf(fewer);
    journal.forgetDeadLetter(letter.number());
    changed.run();
  }

  /** The text has all that the relay has: takes in what was waiting for some of that. */
  void inStep() {
    List<DeadLetter> orphans =
        letters.stream().filter(letter -> letter.code().equals(DeadLetter.STORE_DAMAGED)).toList();
    if (!orphans.isEmpty()) {
      try {
        environment.listeners().execute(() -> takeIn(orphans));
      } catch (RejectedExecutionException e) {
        // Whoever shut the executor down wants nothing more. The letters stay.
        return;
      }
    }
  }

  private void takeIn(List<DeadLetter> orphans) {
    for (DeadLetter letter : orphans) {
      if (isTakenIn(letter)) {
        environment.loop().execute(() -> takenIn(letter));
      }
    }
  }

  private boolean isTakenIn(DeadLetter letter) {
    try {
      CausalAppend append = CausalAppend.of(document, copy.version(), letter.changes());
      return append.fresh().isEmpty() || copy.apply(letter.update()).isComplete();
    } catch (IllegalArgumentException | IllegalStateException | MalformedUpdateException e) {
      // Not yet, or never, or the text was closed: the letter stays, and says what is missing.
      return false;
    }
  }

  /** It is forgotten once the store has its changes in the log. */
  private void takenIn(DeadLetter letter) {
    journal.write(
        Durability.FSYNCED,
        store -> {},
        failure -> {
          if (failure == null && letters.contains(letter)) {
            forget(letter);
          }
        });
  }

  /** A refusal that holds back what is sent. One is never another, however alike they are. */
  private static final class Holding {
    final Refusal why;

    /** What the relay has once it has all that it refused. */
    final VersionVector version;

    Holding(Refusal why, VersionVector version) {
      this.why = why;
      this.version = version;
    }
  }
}
