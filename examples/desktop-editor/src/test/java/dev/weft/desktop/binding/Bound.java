package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.TextChange;
import dev.weft.desktop.EventThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.swing.JTextArea;
import javax.swing.JTextPane;
import javax.swing.text.Document;
import javax.swing.text.JTextComponent;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;

/** A component bound to a shared text that nobody else has open. */
final class Bound implements AutoCloseable {
  final JTextComponent component;
  final SharedText text;
  final SharedTextBinding binding;
  final List<RuntimeException> refused = new CopyOnWriteArrayList<>();

  Bound(Desk desk, Kind kind) {
    this(desk.newText(), kind);
  }

  Bound(SharedText text, Kind kind) {
    this.text = text;
    component = EventThread.call(kind::create);
    // An input method's caret asks where it is on the component.
    EventThread.run(() -> component.setSize(400, 300));
    binding = EventThread.call(() -> SharedTextBinding.bind(component, text, refused::add));
  }

  /** The kinds of component that a binding must work with. */
  enum Kind {
    TEXT_AREA,
    TEXT_PANE,
    SYNTAX_AREA,
    OTHER_DOCUMENT;

    JTextComponent create() {
      return switch (this) {
        case TEXT_AREA -> new JTextArea();
        case TEXT_PANE -> new JTextPane();
        case SYNTAX_AREA -> new RSyntaxTextArea();
        case OTHER_DOCUMENT -> new JTextArea(new ForeignDocument());
      };
    }
  }

  /** Returns the text in the component. */
  String shown() {
    return EventThread.call(
        () -> {
          Document document = component.getDocument();
          return document.getText(0, document.getLength());
        });
  }

  /** Types as a person does: what is selected gives way. */
  void type(String typed) {
    EventThread.run(() -> component.replaceSelection(typed));
  }

  void select(int mark, int dot) {
    EventThread.run(
        () -> {
          component.setCaretPosition(mark);
          component.moveCaretPosition(dot);
        });
  }

  /** Has another thread edit the shared text, within the present event: it is not shown yet. */
  void onAnotherThread(Consumer<SharedText> edit) throws InterruptedException {
    Thread other = new Thread(() -> edit.accept(text));
    other.start();
    other.join();
  }

  /** Returns a list to which each change of the shared text is added from now on. */
  List<TextChange> changes() {
    List<TextChange> changes = new ArrayList<>();
    text.observe(changes::add);
    return changes;
  }

  void requireSame() {
    EventThread.run(
        () -> {
          Document document = component.getDocument();
          assertThat(document.getText(0, document.getLength())).isEqualTo(text.text());
        });
  }

  @Override
  public void close() {
    EventThread.run(binding::close);
    text.close();
  }
}
