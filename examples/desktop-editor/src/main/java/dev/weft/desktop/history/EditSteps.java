package dev.weft.desktop.history;

import dev.weft.desktop.background.BackgroundThread;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a history edit by edit. The edits are found by a thread of their own, while changes
 * can be gone through already. Confined to the event dispatch thread.
 */
final class EditSteps implements AutoCloseable {
  private final HistoryControls controls;
  private final BackgroundThread worker;
  private final BackgroundThread finder = new BackgroundThread("weft-history-steps");

  private @Nullable Edits edits;
  private @Nullable HistoryCopy findNext;
  private boolean finding;

  /**
   * Creates steps through no edits.
   *
   * @param worker to which the copies belong that are gone through
   */
  EditSteps(HistoryControls controls, BackgroundThread worker) {
    this.controls = controls;
    this.worker = worker;
    controls.previous.addActionListener(event -> goBack());
    controls.next.addActionListener(event -> goOn());
  }

  /** Has the edits of a history found, as it is soon. Those found before are there until then. */
  void findIn(HistoryCopy history) {
    if (finding) {
      findNext = history;
      return;
    }
    finding = true;
    worker.then(
        history::apart,
        (document, failure) -> {
          if (document == null) {
            found(null, failure);
          } else {
            finder.then(() -> Edits.of(document), this::found);
          }
        });
  }

  private void found(@Nullable Edits found, @Nullable Throwable failure) {
    finding = false;
    if (found != null) {
      edits = found;
    } else if (failure != null) {
      controls.tellNotice("The edits cannot be told apart: " + failure);
    }
    if (findNext != null) {
      HistoryCopy next = findNext;
      findNext = null;
      findIn(next);
    }
    show(true);
  }

  private void goBack() {
    if (edits != null) {
      controls.slider.setValue(Math.toIntExact(edits.before(controls.slider.getValue())));
    }
  }

  private void goOn() {
    if (edits != null) {
      controls.slider.setValue(Math.toIntExact(edits.after(controls.slider.getValue())));
    }
  }

  /**
   * Tells at which edit the slider is, and offers to go to those beside it.
   *
   * @param read whether there is a history to go through
   */
  void show(boolean read) {
    int at = controls.slider.getValue();
    boolean known = read && edits != null;
    controls.previous.setEnabled(known && at > controls.slider.getMinimum());
    controls.next.setEnabled(known && at < controls.slider.getMaximum());
    if (read) {
      String unknown = finding ? "Finding the edits..." : "Edits not known";
      controls.tellEdit(edits == null ? unknown : edits.words(at));
    }
  }

  @Override
  public void close() {
    finder.close();
    edits = null;
    findNext = null;
  }
}
