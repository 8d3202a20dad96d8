package dev.weft.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The times that those who run a relay look at first, as people perceive them and as the relay sees
 * them. The budgets are those of {@code docs/OPERATIONS.md} and of the alerts; they are edges of
 * the histograms' buckets, so whether one is kept is known for certain.
 */
enum Latency {
  PERCEIVED_KEYSTROKE(
      "Keystroke, as people perceive it",
      "to the relay and back",
      "weft.client.keystrokes",
      Duration.ofMillis(200)),
  PERCEIVED_SAVE(
      "Save, as people perceive it",
      "from asking to the receipt",
      "weft.client.saves",
      Duration.ofSeconds(1)),
  KEYSTROKE(
      "Keystroke, in the relay",
      "until all readers have it queued",
      "weft.keystrokes",
      Duration.ofMillis(100)),
  SAVE(
      "Save, in the relay",
      "until it is acknowledged",
      "weft.saves acknowledged",
      Duration.ofMillis(500)),
  STORE_WRITE("Store: write and flush", "one batch", "weft.store.write written", null),
  STORE_READ("Store: load a document", "when it is opened", "weft.store.read", null),
  WORKER_WAIT("Wait for a worker", "of a document", "weft.worker.wait", null);

  private final String title;
  private final String note;
  private final String timer;
  private final @Nullable Duration budget;

  Latency(String title, String note, String timer, @Nullable Duration budget) {
    this.title = title;
    this.note = note;
    this.timer = timer;
    this.budget = budget;
  }

  String title() {
    return title;
  }

  String note() {
    return note;
  }

  /** Returns within how long 99 of 100 should be; null if that is no promise to anybody. */
  @Nullable Duration budget() {
    return budget;
  }

  BucketCounts of(Lately lately) {
    return lately.times(timer);
  }

  /**
   * Returns whether more than one of 100 took longer than the budget. One that is alone is no
   * reason to call anybody, however few there were.
   */
  boolean isOverBudget(Lately lately) {
    BucketCounts times = of(lately);
    return budget != null && times.longerThan(budget) > Math.max(1, times.count() / 100);
  }
}
