package dev.weft.bench.load;

import dev.weft.bench.load.net.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A client that writes: when an edit is due it makes it, whatever became of those before, and sends
 * it as the library's client does: at once or with those that come within its window, and not while
 * the link has not taken what was sent before. Confined to the loop.
 */
final class Writer extends Member {
  private static final int PAGE_EDITS = 2_000;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Habits habits;
  private final WriterLog log;
  private final Rhythm.Clock clock;
  private final SendingWindow window;

  /** Saves without an answer, by their ids, and when they were due. */
  private final Map<String, Long> saving = new HashMap<>();

  private long beginNanos;
  private long endNanos;
  private boolean sendPlanned;

  /** Whether an edit that counts is not sent yet: the message that takes it counts, then. */
  private boolean holdsCounted;

  private boolean caretPlanned;
  private long caretNanos;
  private int saves;

  /**
   * Creates a writer that is not connected.
   *
   * @param others the logs of the document's other writers
   */
  Writer(
      Place place,
      Tally tally,
      Random random,
      ClientClass who,
      Network network,
      String document,
      WriterLog log,
      List<WriterLog> others,
      Habits habits,
      double editsPerSecond) {
    super(
        place, tally, random, who, network, document, log.writer(), habits.typing().get(), others);
    this.habits = habits;
    this.log = log;
    this.clock = habits.rhythm().clock(editsPerSecond, random);
    this.window = new SendingWindow(habits.gathering());
  }

  /** Writes what is there before anybody counts, in one message. */
  void writePage() {
    for (int edit = 0; edit < PAGE_EDITS; edit++) {
      speaker().type();
    }
    log.typed(System.nanoTime());
    send(System.nanoTime());
  }

  /** Types and saves from one moment to another. */
  void write(long begin, long end) {
    beginNanos = begin;
    endNanos = end;
    typeNext();
    if (isWhole() && !habits.saveEvery().isZero()) {
      saveNext(begin);
    }
  }

  // --- Typing ---

  private void typeNext() {
    long due = beginNanos + clock.nextNanos();
    if (due - endNanos < 0) {
      loop().at(due, () -> type(due));
    }
  }

  private void type(long due) {
    long now = System.nanoTime();
    speaker().type();
    log.typed(due);
    if (tally().counts(due)) {
      tally().editsSent++;
      holdsCounted = true;
      tally().pressedLate(now - due);
    }
    sendSoon(now);
    showCaretSoon(now);
    typeNext();
  }

  private void sendSoon(long now) {
    if (sendPlanned) {
      return;
    }
    long left = window.leftNanos(now);
    if (left == 0) {
      send(now);
    } else {
      sendPlanned = true;
      loop().at(now + left, this::sendPlanned);
    }
  }

  private void sendPlanned() {
    sendPlanned = false;
    long now = System.nanoTime();
    if (window.leftNanos(now) == 0) {
      send(now);
    } else {
      sendSoon(now);
    }
  }

  private void send(long now) {
    if (log.unsent() == 0 || !isConnected() || unsentBytes() > 0) {
      return;
    }
    window.sent(now);
    speaker().sayEdits();
    log.sent(speaker().events());
    if (holdsCounted) {
      tally().messagesSent++;
      holdsCounted = false;
    }
  }

  @Override
  public void drained() {
    if (log.unsent() > 0) {
      sendSoon(System.nanoTime());
    }
  }

  @Override
  void roundTrip(long nanos) {
    window.roundTrip(nanos);
  }

  @Override
  public void throttled(String code, long windowMillis, long lastsMillis) {
    super.throttled(code, windowMillis, lastsMillis);
    long lasts = lastsMillis == 0 ? Long.MAX_VALUE / 2 : TimeUnit.MILLISECONDS.toNanos(lastsMillis);
    window.throttle(TimeUnit.MILLISECONDS.toNanos(windowMillis), System.nanoTime() + lasts);
  }

  // --- The caret ---

  private void showCaretSoon(long now) {
    if (caretPlanned || !isWhole() || habits.caretsPerSecond() == 0) {
      return;
    }
    caretPlanned = true;
    long interval = (long) (TimeUnit.SECONDS.toNanos(1) / habits.caretsPerSecond());
    loop().at(Math.max(now, caretNanos + interval), this::showCaret);
  }

  private void showCaret() {
    caretPlanned = false;
    caretNanos = System.nanoTime();
    if (isConnected()) {
      if (tally().counts(caretNanos)) {
        tally().caretsSent++;
      }
      speaker().showCaret(log.caretShown(caretNanos));
    }
  }

  // --- Saves ---

  private void saveNext(long after) {
    long due = after + (long) (2 * habits.saveEvery().toNanos() * random().nextDouble());
    if (due - endNanos < 0) {
      loop()
          .at(
              due,
              () -> {
                String id = "save-" + log.writer() + "-" + saves++;
                saving.put(id, due);
                send(System.nanoTime());
                speaker().save(id);
                saveNext(due);
              });
    }
  }

  @Override
  public void saved(String id, String guarantee) {
    Long due = saving.remove(id);
    if (due != null && tally().counts(due)) {
      tally().waited(who(), Tier.SAVE, System.nanoTime() - due);
      tally().saved(guarantee);
    }
  }

  /** A save that is refused for now is asked for again, with its id, and takes that much longer. */
  @Override
  public void saveRefused(String id, String code, long retryAfterMillis) {
    tally().refused(who(), code);
    if (retryAfterMillis < 0) {
      saving.remove(id);
    } else {
      long wait = Math.max(RETRY_NANOS, TimeUnit.MILLISECONDS.toNanos(retryAfterMillis));
      loop()
          .after(
              wait,
              () -> {
                if (isConnected() && saving.containsKey(id)) {
                  speaker().save(id);
                }
              });
    }
  }

  boolean isSaving() {
    return !saving.isEmpty();
  }

  /** Returns how many edits are made and not sent. */
  int unsentEdits() {
    return log.unsent();
  }

  /** Counts saves without an answer as what has taken until now. */
  void giveUpSaves(long now) {
    for (long due : saving.values()) {
      if (tally().counts(due)) {
        tally().waited(who(), Tier.SAVE, now - due);
        tally().savesUnanswered++;
      }
    }
  }
}
