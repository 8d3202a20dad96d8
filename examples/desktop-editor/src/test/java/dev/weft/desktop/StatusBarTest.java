package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.StatusWords.Phrase;
import java.awt.Component;
import java.awt.Rectangle;
import java.awt.event.ContainerAdapter;
import java.awt.event.ContainerEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JButton;
import javax.swing.JLabel;
import org.junit.jupiter.api.Test;

/** What the status bar shows of a status, however narrow it is. */
@RequiresDisplay
class StatusBarTest {
  private static final Phrase OFFLINE =
      new Phrase(StatusSign.OFFLINE, "Offline, 17 changes waiting, next attempt in 12 s", "");
  private static final Phrase UNSAVED =
      new Phrase(StatusSign.UNSAVED, "17 changes not saved yet", "");
  private static final Phrase FULL = new Phrase(StatusSign.WARNING, "Outbox nearly full", "");

  private final StatusBar bar =
      EventThread.call(
          () -> {
            Appearance.setUp(false);
            StatusBar created = new StatusBar(remedy -> {});
            created.setBorder(Appearance.footBorder());
            created.showPosition(12, 7);
            created.showPeople(2);
            return created;
          });

  private void show(int width, List<Phrase> warnings, Remedy... remedies) {
    show(width, OFFLINE, warnings, remedies);
  }

  private void show(int width, Phrase connection, List<Phrase> warnings, Remedy... remedies) {
    EventThread.run(
        () -> {
          bar.show(new StatusWords(connection, UNSAVED, warnings, List.of(remedies), true));
          bar.setBounds(0, 0, width, bar.getHeight());
          bar.setBounds(0, 0, width, bar.getPreferredSize().height);
          bar.doLayout();
        });
  }

  private JLabel label(String name) {
    return Screen.find(bar, JLabel.class, name);
  }

  private JButton button(Remedy remedy) {
    return Screen.find(bar, JButton.class, remedy.label());
  }

  private void assertWhole(Component... parts) {
    for (Component part : parts) {
      assertThat(part.getWidth()).isEqualTo(part.getPreferredSize().width);
      assertThat(new Rectangle(0, 0, bar.getWidth(), bar.getHeight()).contains(part.getBounds()))
          .as("%s within the bar", part.getBounds())
          .isTrue();
      for (Component other : bar.getComponents()) {
        assertThat(
                other != part
                    && other.isVisible()
                    && part.getBounds().intersects(other.getBounds()))
            .as("%s on %s", part.getBounds(), other.getBounds())
            .isFalse();
      }
    }
  }

  @Test
  void shouldShowAllInOneRowWhereThereIsRoom() {
    show(1_200, List.of(FULL), Remedy.CONNECT);
    assertWhole(
        label("connection"),
        label("saves"),
        label("degradations"),
        label("people here"),
        label("position"),
        button(Remedy.CONNECT));
    assertThat(label("degradations").getY()).isEqualTo(label("connection").getY());
  }

  @Test
  void shouldGiveUpPositionThenPeopleBeforeWords() {
    show(1_200, List.of(), Remedy.CONNECT);
    int forAll = EventThread.call(bar::getPreferredSize).width;
    int withoutPosition = forAll - label("position").getWidth();
    show(withoutPosition, List.of(), Remedy.CONNECT);
    assertWhole(label("connection"), label("saves"), label("people here"), button(Remedy.CONNECT));
    assertThat(label("position").getWidth()).isZero();
    show(withoutPosition - label("people here").getWidth(), List.of(), Remedy.CONNECT);
    assertWhole(label("connection"), label("saves"), button(Remedy.CONNECT));
    assertThat(label("people here").getWidth()).isZero();
    assertThat(button(Remedy.CONNECT).getY()).isEqualTo(label("saves").getY());
  }

  @Test
  void shouldTakeMoreRowsWhereWordsWouldBeCut() {
    show(1_200, List.of(FULL), Remedy.CONNECT, Remedy.SHOW_REFUSED, Remedy.EXPORT);
    // Narrower than the buttons side by side.
    int narrow = bar.getWidth() - button(Remedy.CONNECT).getX() - 20;
    show(narrow, List.of(FULL), Remedy.CONNECT, Remedy.SHOW_REFUSED, Remedy.EXPORT);
    assertWhole(
        label("connection"),
        label("saves"),
        label("degradations"),
        button(Remedy.CONNECT),
        button(Remedy.SHOW_REFUSED),
        button(Remedy.EXPORT));
  }

  @Test
  void shouldCutWordsOnlyWhereTheyHaveRowAlone() {
    show(150, List.of(), Remedy.CONNECT);
    assertThat(label("connection").getWidth()).isEqualTo(130);
    assertWhole(button(Remedy.CONNECT));
  }

  @Test
  void shouldKeepItsHeightWhenButtonsComeAndGo() {
    show(1_200, List.of());
    int height = bar.getHeight();
    show(1_200, List.of(), Remedy.CONNECT);
    assertThat(bar.getHeight()).isEqualTo(height);
    JButton connect = button(Remedy.CONNECT);
    assertThat(connect.getHeight()).isGreaterThanOrEqualTo(connect.getPreferredSize().height);
  }

  @Test
  void shouldMoveNoButtonWhileWordsGetShorter() {
    show(1_200, List.of(), Remedy.CONNECT);
    int forWords = label("saves").getX() + label("saves").getWidth() + 20;
    show(forWords, List.of(), Remedy.CONNECT);
    Rectangle place = button(Remedy.CONNECT).getBounds();
    assertThat(place.y).isGreaterThan(label("saves").getY());
    show(forWords, new Phrase(StatusSign.OFFLINE, "Offline", ""), List.of(), Remedy.CONNECT);
    assertThat(button(Remedy.CONNECT).getBounds()).isEqualTo(place);
  }

  /** The mouse may be down on it, or the focus there. */
  @Test
  void shouldKeepButtonWhileOthersComeAndGo() {
    show(1_200, List.of(), Remedy.SIGN_IN, Remedy.CONNECT);
    JButton connect = button(Remedy.CONNECT);
    AtomicInteger removals = new AtomicInteger();
    EventThread.run(
        () ->
            bar.addContainerListener(
                new ContainerAdapter() {
                  @Override
                  public void componentRemoved(ContainerEvent event) {
                    if (event.getChild() == connect) {
                      removals.incrementAndGet();
                    }
                  }
                }));

    show(1_200, List.of(), Remedy.SAVE_AGAIN, Remedy.CONNECT, Remedy.EXPORT);
    assertThat(button(Remedy.CONNECT)).isSameAs(connect);
    assertWhole(button(Remedy.SAVE_AGAIN), connect, button(Remedy.EXPORT));
    assertThat(connect.getX())
        .isBetween(button(Remedy.SAVE_AGAIN).getX(), button(Remedy.EXPORT).getX());
    assertThat(Screen.contains(bar, JButton.class, Remedy.SIGN_IN.label())).isFalse();
    show(1_200, List.of(), Remedy.CONNECT);
    assertThat(removals).hasValue(0);
  }
}
