package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.Subscription;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.swing.AbstractButton;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The find bar in a real window, on a shared text. */
@RequiresDisplay
class FindAndReplaceTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorDesk desk;
  private EditorWindow window;
  private SharedText text;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory, () -> 0);
    window = desk.window;
    text = desk.text;
    desk.focus(screen);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private JTextField field(String name) {
    return Screen.find(window.tab().findBar(), JTextField.class, name);
  }

  private void awaitResult(String words) {
    Screen.await(
        "result \"" + words + "\"",
        () ->
            Screen.find(window.tab().findBar(), JLabel.class, "search result")
                .getText()
                .equals(words));
  }

  private void press(Class<? extends AbstractButton> kind, String name) {
    EventThread.run(() -> Screen.find(window.tab().findBar(), kind, name).doClick());
  }

  private void openBar(int key) {
    screen.press(key, KeyEvent.VK_CONTROL);
    Screen.await("bar", () -> field("find").isFocusOwner());
  }

  /** Types what is to be found: its beginning alone may be found as often. */
  private void typeWords(String words) {
    screen.type(words);
    Screen.await("all of the words", () -> field("find").getText().equals(words));
  }

  private void undo() {
    EventThread.run(
        () ->
            window
                .tab()
                .undo()
                .undo()
                .actionPerformed(
                    new ActionEvent(window.tab().area(), ActionEvent.ACTION_PERFORMED, "undo")));
  }

  private void awaitSelected(int start, int end) {
    Screen.await(
        "selected " + start + " to " + end,
        () ->
            window.tab().area().getSelectionStart() == start
                && window.tab().area().getSelectionEnd() == end);
  }

  /** As somebody does who has asked for "teh" to be replaced, before that is worked out. */
  private void replaceAndGoOn(Runnable goOn) {
    desk.write("keep this; teh end");
    openBar(KeyEvent.VK_R);
    typeWords("teh");
    EventThread.run(() -> field("replacement").setText("the"));
    awaitResult("1 of 1");
    EventThread.run(
        () -> {
          Screen.find(window.tab().findBar(), JButton.class, "Replace").doClick();
          goOn.run();
        });
  }

  private void writeAtTheBeginning() {
    window.tab().area().setCaretPosition(0);
    window.tab().area().replaceSelection("I write on. ");
  }

  @Test
  void shouldReplaceNothingAnyMoreOnceTheBarIsDismissed() {
    replaceAndGoOn(
        () -> {
          window.tab().findBar().dismiss();
          writeAtTheBeginning();
        });
    // What is looked for now is found behind what was worked out before.
    EventThread.run(window.tab().findBar()::find);
    awaitResult("1 found");
    assertThat(text.text()).isEqualTo("I write on. keep this; teh end");
  }

  @Test
  void shouldReplaceWhereTheMatchIsByNowAndLeaveTheCaretToWhoWrites() {
    replaceAndGoOn(this::writeAtTheBeginning);
    Screen.await("replaced", () -> text.text().equals("I write on. keep this; the end"));
    assertThat(EventThread.call(() -> window.tab().area().getCaretPosition())).isEqualTo(12);
  }

  @Test
  void shouldNotReplaceWhatIsEditedMeanwhile() {
    replaceAndGoOn(() -> window.tab().area().append("!"));
    Screen.await("replaced", () -> text.text().equals("keep this; the end!"));
    EventThread.run(() -> window.tab().area().setText(""));
    replaceAndGoOn(() -> window.tab().area().insert("e", 13));
    awaitResult("Not replaced: the text was edited there meanwhile");
    assertThat(text.text()).isEqualTo("keep this; teeh end");
  }

  @Test
  void shouldSayThatTextTakesNoEditsWhenItDoesNoMoreMeanwhile() {
    replaceAndGoOn(() -> window.tab().area().setEditable(false));
    awaitResult("Nothing can be replaced: the text takes no edits now");
    assertThat(text.text()).isEqualTo("keep this; teh end");

    EventThread.run(() -> window.tab().area().setEditable(true));
    press(JButton.class, "Replace");
    Screen.await("replaced", () -> text.text().equals("keep this; the end"));
  }

  @Test
  void shouldSelectNothingWhereThePersonWritesMeanwhile() {
    desk.write("first teh and more");
    openBar(KeyEvent.VK_F);
    EventThread.run(
        () -> {
          field("find").setText("teh");
          window.tab().area().setCaretPosition(0);
          window.tab().area().replaceSelection("I wr");
        });
    awaitResult("1 found");
    EventThread.run(() -> window.tab().area().replaceSelection("i"));
    assertThat(text.text()).isEqualTo("I wrifirst teh and more");
  }

  @Test
  void shouldFindWithKeys() {
    desk.write("warp weft\nWarp warps\n");
    EventThread.run(() -> window.tab().area().setCaretPosition(0));
    openBar(KeyEvent.VK_F);
    typeWords("warp");
    awaitResult("1 of 3");
    awaitSelected(0, 4);
    screen.picture("find", window.frame());

    screen.press(KeyEvent.VK_ENTER);
    awaitResult("2 of 3");
    awaitSelected(10, 14);
    screen.press(KeyEvent.VK_F3);
    awaitResult("3 of 3");
    screen.press(KeyEvent.VK_ENTER);
    awaitResult("1 of 3");
    screen.press(KeyEvent.VK_ENTER, KeyEvent.VK_SHIFT);
    awaitResult("3 of 3");
    screen.press(KeyEvent.VK_F3, KeyEvent.VK_SHIFT);
    awaitResult("2 of 3");

    screen.press(KeyEvent.VK_M, KeyEvent.VK_ALT);
    awaitResult("2 of 2");
    screen.press(KeyEvent.VK_W, KeyEvent.VK_ALT);
    awaitResult("1 of 1");

    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await(
        "text again",
        () -> !window.tab().findBar().isVisible() && window.tab().area().isFocusOwner());
    awaitSelected(0, 4);
    EventThread.run(() -> window.tab().area().setCaretPosition(2));
    screen.press(KeyEvent.VK_F3);
    Screen.await("bar again", () -> window.tab().findBar().isVisible());
    awaitSelected(0, 4);
    awaitResult("1 of 1");
    assertThat(EventThread.call(window.tab().area()::isFocusOwner)).isTrue();
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no bar", () -> !window.tab().findBar().isVisible());
  }

  @Test
  void shouldSayWhatIsWrongAndWhatIsNotFound() {
    desk.write("warp weft");
    openBar(KeyEvent.VK_F);
    typeWords("xyz");
    awaitResult("Not found");
    press(JCheckBox.class, "Regular Expression");
    EventThread.run(() -> field("find").setText("a("));
    awaitResult("Not a regular expression: Unclosed group, at its end");
    screen.picture("find-problem", window.frame());
    EventThread.run(() -> field("find").setText("a**b"));
    awaitResult("Not a regular expression: Dangling meta character '*', at character 3");
    EventThread.run(() -> field("find").setText("w(..)."));
    awaitResult("1 of 2");
  }

  @Test
  void shouldSayWhatIsWrongUntilThatIsMended() {
    String reason = "Not a regular expression: Unclosed group, at its end";
    desk.write("warp weft");
    openBar(KeyEvent.VK_F);
    press(JCheckBox.class, "Regular Expression");
    EventThread.run(() -> field("find").setText("("));
    awaitResult(reason);

    screen.press(KeyEvent.VK_R, KeyEvent.VK_CONTROL);
    Screen.await("replacing", () -> field("replacement").isShowing());
    assertResultStays(reason);
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("text", () -> window.tab().area().isFocusOwner());
    openBar(KeyEvent.VK_F);
    awaitResult(reason);
    assertResultStays(reason);
    screen.click(window.tab().area());
    screen.press(KeyEvent.VK_END);
    Screen.await("the end", () -> window.tab().area().getCaretPosition() == 9);
    assertResultStays(reason);

    EventThread.run(() -> field("find").setText("e"));
    awaitResult("1 of 1");
  }

  private void assertResultStays(String words) {
    EventThread.settle();
    awaitResult(words);
  }

  @Test
  void shouldKeepWhatIsTypedWhenReplacingIsAskedForInBar() {
    desk.write("warp weft");
    EventThread.run(() -> window.tab().area().select(0, 4));
    openBar(KeyEvent.VK_F);
    assertThat(EventThread.call(() -> field("find").getText())).isEqualTo("warp");
    typeWords("xyz");
    awaitResult("Not found");
    assertThat(EventThread.call(window.tab().area()::getSelectedText)).isEqualTo("warp");

    screen.press(KeyEvent.VK_R, KeyEvent.VK_CONTROL);
    Screen.await("replacing", () -> field("replacement").isShowing());
    assertThat(EventThread.call(() -> field("find").getText())).isEqualTo("xyz");
    screen.press(KeyEvent.VK_TAB);
    Screen.await("the other field", () -> field("replacement").isFocusOwner());
    openBar(KeyEvent.VK_F);
    assertThat(EventThread.call(() -> field("find").getText())).isEqualTo("xyz");

    // From the text, what is selected there is meant.
    screen.click(window.tab().area());
    Screen.await("text", () -> window.tab().area().isFocusOwner());
    EventThread.run(() -> window.tab().area().select(5, 9));
    openBar(KeyEvent.VK_R);
    assertThat(EventThread.call(() -> field("find").getText())).isEqualTo("weft");
  }

  @Test
  void shouldGoFromFieldToFieldWithTab() {
    openBar(KeyEvent.VK_R);
    for (String next : List.of("replacement", "Previous", "Next", "Replace", "Replace All")) {
      screen.press(KeyEvent.VK_TAB);
      Screen.await("focus on " + next, () -> isFocusOn(next));
    }
    for (String next : List.of("Match Case", "Whole Words", "Regular Expression", "Close")) {
      screen.press(KeyEvent.VK_TAB);
      Screen.await("focus on " + next, () -> isFocusOn(next));
    }
  }

  private boolean isFocusOn(String name) {
    return Screen.find(window.tab().findBar(), JComponent.class, name).isFocusOwner();
  }

  /** What is found moves with the text, and what others write is found too. */
  @Test
  void shouldFollowWhatOthersWrite() {
    desk.write("warp weft warp");
    openBar(KeyEvent.VK_F);
    typeWords("warp");
    awaitResult("1 of 2");
    screen.press(KeyEvent.VK_ENTER);
    awaitResult("2 of 2");
    text.insert(0, "warp ");
    awaitResult("3 of 3");
    awaitSelected(15, 19);
  }

  @Test
  void shouldLetPersonWriteWhileRegexTakesForever() {
    desk.write("a".repeat(60) + "\n");
    openBar(KeyEvent.VK_F);
    press(JCheckBox.class, "Regular Expression");
    EventThread.run(() -> field("find").setText("(a|aa)+\\1c"));

    // The event thread goes on; the next words end the search.
    EventThread.run(() -> window.tab().area().append("b weft"));
    assertThat(text.text()).endsWith("b weft");
    awaitResult("Searching...");
    long asked = System.nanoTime();
    EventThread.run(() -> field("find").setText("weft"));
    awaitResult("1 of 1");
    // Sooner than a search is given up by itself.
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void shouldReplaceOneByOne() {
    desk.write("one two one two");
    EventThread.run(() -> window.tab().area().setCaretPosition(0));
    openBar(KeyEvent.VK_R);
    EventThread.run(
        () -> {
          Screen.find(window.tab().findBar(), JCheckBox.class, "Regular Expression").doClick();
          field("find").setText("(o)ne");
          field("replacement").setText("$1n");
        });
    awaitResult("1 of 2");
    screen.click(field("replacement"));
    Screen.await("the focus", () -> field("replacement").isFocusOwner());
    screen.press(KeyEvent.VK_ENTER);
    Screen.await("replaced", () -> text.text().equals("on two one two"));
    awaitResult("1 of 1");
    awaitSelected(7, 10);
    screen.press(KeyEvent.VK_ENTER);
    Screen.await("replaced", () -> text.text().equals("on two on two"));
    awaitResult("Not found");

    // Each is a step of its own.
    undo();
    assertThat(text.text()).isEqualTo("on two one two");
  }

  @Test
  void shouldReplaceAllAsOneChangeAndOneStepOfUndo() {
    desk.write("warp Warp weft warp");
    int[] changes = {0};
    openBar(KeyEvent.VK_R);
    typeWords("warp");
    awaitResult("1 of 3");
    Subscription counting = text.observe(change -> changes[0]++);
    EventThread.run(() -> field("replacement").setText("$1"));
    press(JButton.class, "Replace All");
    awaitResult("3 replaced");
    counting.close();
    assertThat(text.text()).isEqualTo("$1 $1 weft $1");
    assertThat(changes[0]).isEqualTo(1);
    Screen.await("shown", () -> window.tab().area().getText().equals("$1 $1 weft $1"));
    screen.picture("replaced", window.frame());

    undo();
    assertThat(text.text()).isEqualTo("warp Warp weft warp");
    awaitResult("1 of 3");
  }

  /** Whoever writes while it is worked out loses nothing. */
  @Test
  void shouldReplaceAllWhileOthersWrite() throws InterruptedException {
    desk.write("weft ".repeat(20_000));
    openBar(KeyEvent.VK_R);
    EventThread.run(
        () -> {
          field("find").setText("weft");
          field("replacement").setText("warp");
        });
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < 20; i++) {
                text.insert(text.length() / 2 / 5 * 5, "weft ");
              }
            });
    other.start();
    press(JButton.class, "Replace All");
    other.join();
    Screen.await(
        "replaced",
        () ->
            Screen.find(window.tab().findBar(), JLabel.class, "search result")
                .getText()
                .endsWith("replaced"));
    // Replaced is what was there at one moment; what was written after it is as it was written.
    assertThat(text.text().replace("weft", "warp")).isEqualTo("warp ".repeat(20_020));
    assertThat(text.text()).startsWith("warp ").endsWith("warp ");
  }

  @Test
  void shouldReplaceHundredThousandWithoutStandingStill() {
    desk.write("line of weft\n".repeat(100_000));
    openBar(KeyEvent.VK_R);
    EventThread.run(
        () -> {
          field("find").setText("weft");
          field("replacement").setText("warp");
        });
    awaitResult("1 of 100,000");
    Stillness stillness = new Stillness();
    press(JButton.class, "Replace All");
    awaitResult("100,000 replaced");
    Screen.await(
        "shown", () -> window.tab().area().getText().equals("line of warp\n".repeat(100_000)));
    long longest = stillness.stop();
    System.out.println("replacing 100,000: the event thread stood still for " + longest + " ms");
    assertThat(longest).isLessThan(5_000);
  }

  @Test
  void shouldGoToLine() {
    desk.write("one\ntwo\nthree\n");
    screen.press(KeyEvent.VK_G, KeyEvent.VK_CONTROL);
    JDialog dialog = Windows.awaitDialog("Go to Line");
    screen.type("9");
    screen.press(KeyEvent.VK_ENTER);
    Screen.await(
        "problem",
        () ->
            Screen.find(dialog, JTextArea.class, "problem")
                .getText()
                .equals("There is no line 9: the last is 4"));
    screen.picture("go-to-line", dialog);
    screen.type("3");
    screen.press(KeyEvent.VK_ENTER);
    Screen.await("gone", () -> !dialog.isShowing());
    awaitSelected(8, 8);
  }
}
