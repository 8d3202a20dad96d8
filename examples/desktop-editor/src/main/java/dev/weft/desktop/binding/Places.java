package dev.weft.desktop.binding;

import dev.weft.client.SharedText;
import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.TextDocument;
import java.util.function.Function;

/**
 * Tells where places of a Swing document are in the shared text, as anchors, and where these are in
 * the document later. Confined to the event dispatch thread.
 */
final class Places {
  private final SharedText text;
  private final ShownText shown;
  private final UnseenEdits unseen;
  private final Runnable catchUp;

  /**
   * Creates what tells of one document.
   *
   * @param unseen what the document does not show of {@code text}, under whose lock it is read
   * @param catchUp has the document show it
   */
  Places(SharedText text, ShownText shown, UnseenEdits unseen, Runnable catchUp) {
    this.text = text;
    this.shown = shown;
    this.unseen = unseen;
    this.catchUp = catchUp;
  }

  /** Anchors a part of the document as it is now, behind the shared text or not. */
  AnchoredSelection anchor(int start, int end) {
    return text.read(
        shared -> {
          FollowedRange range = new FollowedRange(shown.toIndex(start), shown.toIndex(end));
          unseen.lead(range);
          return AnchoredSelection.of(new Selection(range.start(), range.end()), shared);
        });
  }

  /** Returns what {@code reader} makes of the shared text while nobody changes it. */
  <T> T read(Function<TextDocument, T> reader) {
    return text.read(reader);
  }

  /** Returns where in the shared text a part of it is now. */
  static Selection in(TextDocument shared, AnchoredSelection anchored) {
    return anchored
        .in(shared)
        .orElseThrow(() -> new AssertionError("not of this text: " + anchored));
  }

  /**
   * Returns where in the document a part of the shared text is. The document shows all of the
   * shared text then, unless what others wrote waits for an input method; it is about there then.
   */
  Selection inDocument(Function<TextDocument, Selection> inShared) {
    return text.read(
        shared -> {
          // Under one lock with what is read: another thread may edit between the two.
          catchUp.run();
          Selection now = inShared.apply(shared);
          return new Selection(offsetOf(now.mark()), offsetOf(now.caret()));
        });
  }

  private int offsetOf(int index) {
    return Math.min(shown.toOffset(index), shown.lengthWithComposed());
  }
}
