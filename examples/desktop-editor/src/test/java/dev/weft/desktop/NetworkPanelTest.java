package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Component;
import java.awt.Container;
import java.awt.Rectangle;
import java.awt.Toolkit;
import java.awt.datatransfer.StringSelection;
import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.swing.AbstractButton;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JSlider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two windows on one document while everything between them is broken and mended by hand. */
@RequiresDisplay
class NetworkPanelTest {
  /** What the client promises: what is older counts as stale; after thrice as long it gives up. */
  private static final Duration STALE_AFTER = Duration.ofSeconds(5);

  private static final Duration OFFLINE_AFTER = Duration.ofSeconds(15);

  /** The last question that was answered may have been asked this long before. */
  private static final Duration EARLY = Duration.ofSeconds(4);

  /**
   * It is noticed when the relay would be asked again, up to 1.7 s later; a second more is allowed
   * for each kilobyte under way; and a busy machine comes to it late.
   */
  private static final Duration LATE = Duration.ofSeconds(6);

  @TempDir Path directory;

  private DemoDesk desk;
  private Screen screen;
  private DesktopDemo demo;

  @BeforeEach
  void open() throws IOException {
    desk = DemoDesk.open(directory);
    screen = desk.screen();
    demo = desk.demo();
  }

  @AfterEach
  void close() {
    try {
      assertThat(desk.falseTicks()).as("said to be saved while it was not").isEmpty();
    } finally {
      desk.close();
    }
  }

  // --- Networks that carry nothing ---

  @Test
  void shouldTellTruthWhenNetworkIsCutAndMended() {
    EventThread.run(() -> demo.left().tab().area().replaceSelection("together "));
    desk.awaitText(demo.right(), "together ");
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);

    click("Cut Left");
    desk.awaitPanel("Left network", "Network cut");
    desk.awaitWords(demo.left(), "connection", "Offline");
    desk.focus(demo.left());
    screen.type("alone");
    desk.awaitWords(demo.left(), "connection", "Offline, 5 changes waiting");
    desk.awaitWords(demo.left(), "saves", "5 changes not saved yet");
    assertThat(DemoDesk.text(demo.right())).isEqualTo("together ");

    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    desk.awaitWords(demo.left(), "saves", "Save waits for the relay");
    EventThread.run(() -> demo.right().tab().area().replaceSelection("and apart "));
    screen.picture("demo-cut", desk.windows());

    screen.press(KeyEvent.VK_W, KeyEvent.VK_CONTROL);
    Screen.await("question", () -> Windows.dialog().isPresent());
    assertThat(DemoDesk.words(Windows.dialog().orElseThrow()))
        .contains("5 changes are not known to be saved");
    screen.picture("closing-question", desk.windows());
    EventThread.run(
        () -> Screen.find(Windows.dialog().orElseThrow(), JButton.class, "Keep Open").doClick());

    click("Mend Left");
    desk.awaitNotice(demo.left(), "Save confirmed");
    desk.awaitSameText();
    assertThat(DemoDesk.text(demo.left()))
        .contains("together ")
        .contains("alone")
        .contains("and apart ");
    desk.awaitWords(demo.left(), "connection", "Connected");
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
  }

  @Test
  void shouldFindOutByItselfThatItIsUnplugged() {
    DemoDesk.insert(demo.left(), "together ");
    desk.awaitText(demo.right(), "together ");

    click("Unplug Left");
    long unpluggedNanos = System.nanoTime();
    desk.awaitPanel("Left network", "Network unplugged");
    for (int i = 0; i < 20; i++) {
      DemoDesk.insert(demo.left(), "l");
      DemoDesk.insert(demo.right(), "r");
    }
    desk.focus(demo.left());
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    desk.awaitWords(demo.left(), "saves", "Saving, not confirmed yet");

    awaitConnection(demo.left(), "Connected, may be ");
    assertThat(since(unpluggedNanos)).isLessThan(STALE_AFTER.plus(LATE));
    desk.awaitPanel("Left editor", "Connected, may be ");
    desk.awaitWords(demo.right(), "connection", "Connected");
    screen.picture("demo-unplugged-stale", desk.windows());

    awaitAway(demo.left());
    assertThat(since(unpluggedNanos))
        .isGreaterThan(OFFLINE_AFTER.minus(EARLY))
        .isLessThan(OFFLINE_AFTER.plus(LATE));
    desk.awaitWords(demo.left(), "saves", "Save waits for the relay");
    assertThat(DemoDesk.text(demo.right())).contains("r".repeat(20)).doesNotContain("l");
    screen.picture("demo-unplugged-offline", desk.windows());

    click("Mend Left");
    desk.awaitNotice(demo.left(), "Save confirmed");
    desk.awaitSameText();
    assertThat(DemoDesk.text(demo.left())).contains("r".repeat(20)).contains("l".repeat(20));
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
  }

  // --- Networks that are slow ---

  @Test
  void shouldBringTextLateAndConfirmNothingEarlyThroughLatency() {
    setLatency("Left", 1_500);
    desk.focus(demo.left());
    long typedNanos = System.nanoTime();
    screen.type("late");
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    desk.awaitWords(demo.left(), "saves", "Saving, not confirmed yet");
    screen.picture("demo-latency-saving", desk.windows());

    desk.awaitText(demo.right(), "late");
    assertThat(since(typedNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(1_500));
    desk.awaitNotice(demo.left(), "Save confirmed");
    assertThat(since(typedNanos)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
  }

  @Test
  void shouldTickNothingOffBeforeRelayHasItThroughSlowNetwork() {
    setRate("Left", NetworkRow.Rate.CRAWLING);
    String pasted = lines(100_000);
    EventThread.run(
        () ->
            Toolkit.getDefaultToolkit()
                .getSystemClipboard()
                .setContents(new StringSelection(pasted), null));
    desk.focus(demo.left());
    screen.press(KeyEvent.VK_V, KeyEvent.VK_CONTROL);
    Screen.await("pasted text", () -> demo.left().tab().area().getText().length() == 100_000);
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);

    // At 2 kB/s it takes a minute: long enough to see that nothing is said to be saved.
    desk.awaitWords(
        demo.left(),
        "saves",
        "Saving for 5 s",
        text -> text.matches("Saving, not confirmed yet \\(([5-9]|\\d\\d) s\\)"));
    assertThat(DemoDesk.text(demo.right()).length()).isLessThan(100_000);
    screen.picture("demo-throttled", desk.windows());

    setRate("Left", NetworkRow.Rate.UNLIMITED);
    desk.awaitNotice(demo.left(), "Save confirmed");
    desk.awaitText(demo.right(), pasted);
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
  }

  // --- The relay ---

  @Test
  void shouldConfirmSaveWhenRelayWasKilledMeanwhile() {
    DemoDesk.insert(demo.left(), "kept ");
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
    // So much that the relay has nothing of it yet when it is killed.
    setLatency("Left", 3_000);
    desk.focus(demo.left());
    screen.type("and more ");
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    desk.awaitWords(demo.left(), "saves", "Saving, not confirmed yet");

    click("Kill Relay");
    desk.awaitPanel("Relay state", "Killed");
    assertThat(desk.relay().isRunning()).isFalse();
    awaitAway(demo.left());
    awaitAway(demo.right());
    desk.awaitWords(demo.left(), "saves", "Save waits for the relay");
    setLatency("Left", 0);
    DemoDesk.insert(demo.right(), "meanwhile ");
    Screen.await("the mark of what is not saved", () -> demo.right().tab().margin().isUnsaved(0));
    screen.picture("demo-relay-killed", desk.windows());

    click("Start Relay");
    desk.awaitPanel("Relay state", "Running");
    desk.awaitNotice(demo.left(), "Save confirmed");
    desk.awaitSameText();
    assertThat(DemoDesk.text(demo.left()))
        .contains("kept ")
        .contains("and more ")
        .contains("meanwhile ");
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
    desk.awaitWords(demo.right(), "saves", Windows.SAVED_ON_RELAY);
    screen.picture("demo-relay-started-again", desk.windows());
  }

  @Test
  void shouldSayThatRelayEndedByItselfAndStartIt() {
    desk.relay().kill();
    desk.awaitPanel("Relay state", "Ended by itself");
    awaitAway(demo.left());

    click("Start Relay");
    desk.awaitPanel("Relay state", "Running");
    desk.awaitWords(demo.left(), "connection", "Connected");
  }

  // --- The panel itself ---

  @Test
  void shouldDoEverythingByKeyboard() {
    focusPanel();

    alt(KeyEvent.VK_C);
    desk.awaitPanel("Left network", "Network cut");
    alt(KeyEvent.VK_N);
    desk.awaitPanel("Right network", "Network unplugged");
    screen.picture("demo-panel", demo.network().frame());
    alt(KeyEvent.VK_M);
    desk.awaitPanel("Left network", "Network whole");
    alt(KeyEvent.VK_U);
    desk.awaitPanel("Left network", "Network unplugged");
    alt(KeyEvent.VK_E);
    desk.awaitPanel("Right network", "Network whole");
    alt(KeyEvent.VK_T);
    desk.awaitPanel("Right network", "Network cut");

    alt(KeyEvent.VK_L);
    awaitFocus(JSlider.class, "Left latency");
    screen.press(KeyEvent.VK_RIGHT);
    desk.awaitPanel("Left latency value", "50 ms");
    alt(KeyEvent.VK_Y);
    awaitFocus(JSlider.class, "Right latency");
    screen.press(KeyEvent.VK_END);
    desk.awaitPanel("Right latency value", "2,000 ms");
    alt(KeyEvent.VK_S);
    awaitFocus(JComboBox.class, "Left rate");
    screen.press(KeyEvent.VK_DOWN);
    awaitRate("Left", NetworkRow.Rate.FAST);
    alt(KeyEvent.VK_P);
    awaitFocus(JComboBox.class, "Right rate");
    screen.press(KeyEvent.VK_END);
    awaitRate("Right", NetworkRow.Rate.CRAWLING);

    alt(KeyEvent.VK_K);
    desk.awaitPanel("Relay state", "Killed");
    alt(KeyEvent.VK_A);
    desk.awaitPanel("Relay state", "Running");
  }

  private void focusPanel() {
    screen.click(Screen.find(demo.network().frame(), JLabel.class, "Relay address"));
    Screen.await("focus", demo.network().frame()::isFocused);
  }

  /** Left where a button is no longer to be pressed, the focus would go to a slider. */
  @Test
  void shouldGoOnToWhatTakesBackWhatWasDone() {
    focusPanel();
    for (String side : List.of("Left", "Right")) {
      pressAndGoOn("Cut " + side, "Mend " + side);
      pressAndGoOn("Mend " + side, "Cut " + side);
      pressAndGoOn("Unplug " + side, "Mend " + side);
      pressAndGoOn("Mend " + side, "Unplug " + side);
    }
    pressAndGoOn("Kill Relay", "Start Relay");
    pressAndGoOn("Start Relay", "Kill Relay");
    desk.awaitPanel("Left latency value", "0 ms");
    desk.awaitPanel("Right latency value", "0 ms");

    alt(KeyEvent.VK_C);
    awaitFocus(JButton.class, "Mend Left");
    alt(KeyEvent.VK_K);
    awaitFocus(JButton.class, "Start Relay");
    EventThread.run(
        () -> Screen.find(demo.network().frame(), JButton.class, "Start Relay").doClick());
    awaitFocus(JButton.class, "Kill Relay");
    // Nobody has pressed it.
    desk.relay().kill();
    awaitFocus(JButton.class, "Start Relay");
  }

  private void pressAndGoOn(String button, String next) {
    JButton pressed = Screen.find(demo.network().frame(), JButton.class, button);
    EventThread.run(pressed::requestFocusInWindow);
    awaitFocus(JButton.class, button);
    screen.press(KeyEvent.VK_SPACE);
    Screen.await(button + " done", () -> !pressed.isEnabled());
    awaitFocus(JButton.class, next);
    // By a key that would move a slider.
    screen.press(KeyEvent.VK_RIGHT);
    EventThread.settle();
  }

  @Test
  void shouldNameEverythingForScreenReader() {
    EventThread.run(() -> assertNamed(demo.network().frame().getContentPane()));
    assertThat(
            EventThread.call(
                () ->
                    Screen.find(demo.network().frame(), JLabel.class, "Left network")
                        .getAccessibleContext()
                        .getAccessibleName()))
        .isEqualTo("Left: Network whole");
  }

  private static void assertNamed(Container container) {
    for (Component part : container.getComponents()) {
      if (part instanceof AbstractButton
          || part instanceof JSlider
          || part instanceof JComboBox<?>) {
        assertThat(part.getAccessibleContext().getAccessibleName()).as("%s", part).isNotBlank();
        assertThat(part.getAccessibleContext().getAccessibleDescription())
            .as("%s", part)
            .isNotBlank();
      } else if (part instanceof Container inner) {
        assertNamed(inner);
      }
    }
  }

  @Test
  void shouldFitOnSmallScreen() {
    Rectangle small = new Rectangle(0, 0, 1_366, 768);
    EventThread.run(
        () -> {
          DesktopDemo.place(
              demo.left().frame(), demo.right().frame(), demo.network().frame(), small);
          Rectangle left = demo.left().frame().getBounds();
          Rectangle right = demo.right().frame().getBounds();
          Rectangle panel = demo.network().frame().getBounds();
          assertThat(small.contains(left) && small.contains(right) && small.contains(panel))
              .as("%s %s %s within %s", left, right, panel, small)
              .isTrue();
          assertThat(left.intersects(right) || left.intersects(panel) || right.intersects(panel))
              .as("%s %s %s", left, right, panel)
              .isFalse();
          assertThat(left.height).isGreaterThan(480);
        });
    screen.picture("demo-small-screen", desk.windows());
  }

  // --- What is done and seen ---

  private void click(String button) {
    screen.click(Screen.find(demo.network().frame(), JButton.class, button));
  }

  private void alt(int key) {
    screen.press(key, KeyEvent.VK_ALT);
  }

  private void setLatency(String side, int millis) {
    JSlider slider = Screen.find(demo.network().frame(), JSlider.class, side + " latency");
    EventThread.run(() -> slider.setValue(millis));
  }

  private void setRate(String side, NetworkRow.Rate rate) {
    JComboBox<?> choice = Screen.find(demo.network().frame(), JComboBox.class, side + " rate");
    EventThread.run(() -> choice.setSelectedItem(rate));
  }

  private void awaitRate(String side, NetworkRow.Rate rate) {
    JComboBox<?> choice = Screen.find(demo.network().frame(), JComboBox.class, side + " rate");
    Screen.await(side + " rate " + rate, () -> choice.getSelectedItem() == rate);
  }

  private void awaitFocus(Class<? extends Component> kind, String name) {
    Component part = Screen.find(demo.network().frame(), kind, name);
    Screen.await("focus of " + name, part::isFocusOwner);
  }

  private void awaitConnection(EditorWindow window, String beginning) {
    desk.awaitWords(window, "connection", beginning, text -> text.startsWith(beginning));
  }

  /** An editor is offline between two attempts to connect, and while one is under way. */
  private void awaitAway(EditorWindow window) {
    awaitConnection(window, "Offline");
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** Lines of letters in no order, which no compression makes much shorter. */
  private static String lines(int length) {
    Random random = new Random(7);
    StringBuilder lines = new StringBuilder(length);
    for (int i = 1; i <= length; i++) {
      lines.append(i % 80 == 0 ? '\n' : (char) ('a' + random.nextInt(26)));
    }
    return lines.toString();
  }
}
