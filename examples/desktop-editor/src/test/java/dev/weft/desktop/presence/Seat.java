package dev.weft.desktop.presence;

import dev.weft.client.SharedText;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Desk;
import dev.weft.desktop.binding.SharedTextBinding;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.swing.text.JTextComponent;

/**
 * Somebody at a text component that is bound to a shared text at a relay, with a clock set by hand.
 */
final class Seat implements AutoCloseable {
  final JTextComponent component;
  final SharedText text;
  final TextPresence presence;
  private final Desk desk;
  private final SharedTextBinding binding;
  private final AtomicLong clock = new AtomicLong(1L << 50);

  Seat(URI relay, String document, String name, Supplier<JTextComponent> kind) {
    desk = new Desk(relay);
    text = desk.open(document);
    text.caughtUp().join();
    component = EventThread.call(kind::get);
    EventThread.run(() -> component.setSize(400, 300));
    binding = EventThread.call(() -> SharedTextBinding.bind(component, text));
    presence = EventThread.call(() -> TextPresence.install(component, binding, text, clock::get));
    EventThread.run(() -> presence.showAs(name));
  }

  void disconnect() {
    desk.client().disconnect();
  }

  void connect() {
    desk.client().reconnect();
  }

  /** Lets time pass, which is noticed within a moment. */
  void letPass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  /** Lets time pass, and has it noticed. */
  void pass(Duration time) {
    letPass(time);
    EventThread.run(presence::timePassed);
  }

  void select(int mark, int dot) {
    EventThread.run(
        () -> {
          component.setCaretPosition(mark);
          component.moveCaretPosition(dot);
        });
  }

  void insert(int offset, String typed) {
    EventThread.run(() -> component.getDocument().insertString(offset, typed, null));
  }

  String shown() {
    return EventThread.call(
        () -> component.getDocument().getText(0, component.getDocument().getLength()));
  }

  /** Returns where the others are, the first caret of each. */
  List<Mark> marks() {
    return EventThread.call(presence::marks);
  }

  /** Waits until the first of the others has this selected. */
  void awaitMark(int mark, int caret) {
    EventThread.await(
        "others at " + mark + " to " + caret,
        () ->
            presence.marks().stream()
                .anyMatch(each -> each.mark() == mark && each.caret() == caret));
  }

  List<Shape> drawn(Shape.Kind kind) {
    return EventThread.call(
        () -> presence.layer().drawn().stream().filter(shape -> shape.kind() == kind).toList());
  }

  @Override
  public void close() {
    EventThread.run(presence::close);
    EventThread.run(binding::close);
    desk.close();
  }
}
