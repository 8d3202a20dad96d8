package dev.weft.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The text of one document as it is given to those who only read, and what is told of it: made once
 * for all who ask for the same version, while any of them is still being given it, and for a moment
 * from when it was made, if there is room. Confined to the document's worker.
 */
final class Renderings {
  /** So often a text may be written anew that is not edited, for whoever asks how often. */
  static final Duration KEPT = Duration.ofSeconds(1);

  private final ReaderBudget budget;
  private final Timer timer;
  private final Newest plain =
      new Newest(text -> text.text().text().getBytes(StandardCharsets.UTF_8));
  private final Newest event =
      new Newest(text -> TextEvents.text(told(text).tag(), text.text().text()));
  private @Nullable ToldVersion told;
  private long plainBytes = -1;

  Renderings(ReaderBudget budget, Timer timer) {
    this.budget = budget;
    this.timer = timer;
  }

  /** Returns how the text's version is named. O(replicas) once for each version. */
  ToldVersion told(RelayedText text) {
    ToldVersion last = told;
    if (last == null || !last.version().equals(text.version())) {
      last = ToldVersion.of(text.version());
      told = last;
      plainBytes = -1;
    }
    return last;
  }

  /**
   * Returns how many bytes the plain text has, which is not written for it. O(length) once for each
   * version.
   */
  long plainBytes(RelayedText text) {
    told(text);
    if (plainBytes < 0) {
      plainBytes = Utf8Length.of(text.text());
    }
    return plainBytes;
  }

  /**
   * Returns the plain text, which the caller holds.
   *
   * @throws RefusedException if readers hold too much already
   */
  Rendering plain(RelayedText text) throws RefusedException {
    Rendering held = plain.hold(text);
    told(text);
    plainBytes = held.size();
    return held;
  }

  /**
   * Returns the event that gives all of the text, which the caller holds.
   *
   * @throws RefusedException if readers hold too much already
   */
  Rendering event(RelayedText text) throws RefusedException {
    return event.hold(text);
  }

  /** How a text is written. */
  private interface Form {
    byte[] write(RelayedText text);
  }

  /** The version that was written last in one form. */
  private final class Newest {
    private final Form form;
    private @Nullable Rendering written;
    private Timer.@Nullable Scheduled keptUntil;

    Newest(Form form) {
      this.form = form;
    }

    Rendering hold(RelayedText text) throws RefusedException {
      Rendering last = written;
      if (last != null && last.version.equals(text.version()) && last.hold()) {
        return last;
      }
      forget();
      // In either form a unit takes a byte or more: what will not fit is not written at all.
      budget.require(text.text().length());
      Rendering made = new Rendering(text.version(), form.write(text), budget);
      written = made;
      keptUntil = timer.schedule(KEPT.toNanos(), made::forget);
      return made;
    }

    private void forget() {
      if (written != null) {
        written.forget();
        written = null;
      }
      if (keptUntil != null) {
        keptUntil.cancel();
        keptUntil = null;
      }
    }
  }
}
