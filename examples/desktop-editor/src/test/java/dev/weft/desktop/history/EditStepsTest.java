package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.background.BackgroundThread;
import dev.weft.desktop.binding.Desk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which edits are gone through while others are still looked for; no window is needed. */
class EditStepsTest {
  private final Desk desk = new Desk(null);
  private final SharedText text = desk.newText();
  private final BackgroundThread worker = new BackgroundThread("edit-steps-test");
  private final HistoryControls controls =
      EventThread.call(() -> new HistoryControls(new TextThen(() -> AuthorStripes.NONE)));
  private final EditSteps steps = EventThread.call(() -> new EditSteps(controls, worker));

  @AfterEach
  void close() {
    EventThread.run(steps::close);
    worker.close();
    desk.close();
  }

  @Test
  void shouldGoThroughHistoryThatItWasGivenLast() {
    text.insert(0, "warp");
    HistoryCopy before = HistoryCopy.of(text);
    text.insert(0, "a ");
    HistoryCopy now = HistoryCopy.of(text);
    EventThread.run(
        () -> {
          controls.slider.setMaximum(6);
          steps.findIn(before);
          steps.findIn(now);
          steps.show(true);
          assertThat(told()).isEqualTo("Finding the edits...");
        });

    EventThread.await("the last edits", () -> told().equals("Edit 0 of 2"));
    EventThread.run(
        () -> {
          assertOffered(false, true);
          controls.next.doClick();
          assertThat(controls.slider.getValue()).isEqualTo(4);
          steps.show(true);
          assertOffered(true, true);
          controls.next.doClick();
          steps.show(true);
          assertThat(told()).isEqualTo("Edit 2 of 2");
          assertOffered(true, false);
        });
  }

  private String told() {
    return HistoryControlsTest.label(controls, "edit");
  }

  private void assertOffered(boolean previous, boolean next) {
    assertThat(controls.previous.isEnabled()).isEqualTo(previous);
    assertThat(controls.next.isEnabled()).isEqualTo(next);
  }
}
