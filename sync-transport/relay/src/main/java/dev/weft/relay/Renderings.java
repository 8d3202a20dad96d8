package dev.weft.relay;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of one document as it is given to those who only read: made once for all who ask for the
 * same version while any of them is still being given it. Confined to the document's worker.
 */
final class Renderings {
  private final ReaderBudget budget;
  private @Nullable Rendering plain;
  private @Nullable Rendering event;

  Renderings(ReaderBudget budget) {
    this.budget = budget;
  }

  /** How a text is written. */
  private interface Form {
    byte[] write(RelayedText text);
  }

  /**
   * Returns the plain text, which the caller holds.
   *
   * @throws RefusedException if readers hold too much already
   */
  Rendering plain(RelayedText text) throws RefusedException {
    plain = newest(plain, text, each -> each.text().text().getBytes(StandardCharsets.UTF_8));
    return plain;
  }

  /**
   * Returns the event that gives all of the text, which the caller holds.
   *
   * @throws RefusedException if readers hold too much already
   */
  Rendering event(RelayedText text) throws RefusedException {
    event =
        newest(
            event,
            text,
            each -> TextEvents.text(VersionTag.of(each.version()), each.text().text()));
    return event;
  }

  private Rendering newest(@Nullable Rendering last, RelayedText text, Form form)
      throws RefusedException {
    if (last != null && last.version.equals(text.version()) && last.hold()) {
      return last;
    }
    // In either form a unit takes a byte or more: what will not fit is not written at all.
    budget.require(text.text().length());
    return new Rendering(text.version(), form.write(text), budget);
  }
}
