package dev.weft.desktop.find;

import dev.weft.client.SharedText;
import dev.weft.crdt.VersionVector;
import dev.weft.desktop.background.BackgroundThread;
import java.time.Duration;
import java.util.function.BiConsumer;
import javax.swing.text.JTextComponent;

/**
 * Replaces all that is found in a shared text, in one transaction and in the places found alone:
 * whatever others write between them stays. It is worked out against one version by another thread,
 * and made only if the text is still at it; if not, it is worked out again. Confined to the event
 * dispatch thread.
 */
final class ReplaceAll {
  /** So often it is worked out anew before whoever writes meanwhile is told to pause. */
  private static final int MOST_ATTEMPTS = 50;

  private final JTextComponent component;
  private final SharedText text;
  private final BackgroundThread background;
  private final Duration patience;
  private final Runnable endUndoStep;

  /**
   * Creates what replaces.
   *
   * @param component shows {@code text}; nothing is replaced while it takes no edits
   * @param patience how long it may be worked out
   */
  ReplaceAll(
      JTextComponent component,
      SharedText text,
      BackgroundThread background,
      Duration patience,
      Runnable endUndoStep) {
    this.component = component;
    this.text = text;
    this.background = background;
    this.patience = patience;
    this.endUndoStep = endUndoStep;
  }

  /** What is to be replaced at a version. */
  private record WorkedOut(VersionVector version, Replacements replacements) {}

  /**
   * Replaces all.
   *
   * @param making is run before the edit is made
   * @param ended is told in words what came of it, and whether that is a problem
   */
  void start(Query query, String replacement, Runnable making, BiConsumer<String, Boolean> ended) {
    attempt(query, replacement, 1, making, ended);
  }

  private void attempt(
      Query query,
      String replacement,
      int attempt,
      Runnable making,
      BiConsumer<String, Boolean> ended) {
    background.then(
        () -> workOut(query, replacement),
        (worked, failure) -> {
          if (worked == null) {
            ended.accept(FindBar.wordsOf(failure), true);
            return;
          }
          boolean made;
          try {
            made = makeIfStillRight(worked, making);
          } catch (RuntimeException refused) {
            ended.accept("Nothing was replaced: " + FindBar.wordsOf(refused), true);
            return;
          }
          if (made) {
            tell(worked.replacements, ended);
          } else if (attempt == MOST_ATTEMPTS) {
            ended.accept("Nothing was replaced: others write too quickly. Try again", true);
          } else {
            attempt(query, replacement, attempt + 1, making, ended);
          }
        });
  }

  private static void tell(Replacements made, BiConsumer<String, Boolean> ended) {
    String words =
        made.found() == 0
            ? "Not found"
            : String.format("%,d replaced", made.found())
                + (made.places().isEmpty() ? ", nothing changed" : "");
    ended.accept(words, made.found() == 0);
  }

  private WorkedOut workOut(Query query, String replacement) {
    record Copy(VersionVector version, String text) {}
    Copy copy = text.read(document -> new Copy(document.version(), document.text()));
    StoppableText stoppable = new StoppableText(copy.text, patience);
    return new WorkedOut(copy.version, Searching.replaceAll(query, replacement, stoppable));
  }

  private boolean makeIfStillRight(WorkedOut worked, Runnable making) {
    if (!component.isEditable()) {
      throw new IllegalStateException("the text takes no edits now");
    }
    making.run();
    boolean[] right = {false};
    endUndoStep.run();
    text.transact(
        document -> {
          right[0] = document.version().equals(worked.version);
          if (right[0]) {
            worked.replacements.makeIn(document);
          }
        });
    endUndoStep.run();
    return right[0];
  }
}
