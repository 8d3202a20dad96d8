package dev.weft.desktop.presence;

import dev.weft.client.SharedPresence;
import dev.weft.crdt.Selection;
import dev.weft.desktop.binding.SharedTextBinding;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.swing.Timer;
import javax.swing.event.CaretListener;
import javax.swing.text.Caret;
import javax.swing.text.JTextComponent;

/**
 * Shows others the caret and the selection of a text component, not at each of its moves but at
 * intervals while it moves. A move costs the event thread the look at a flag; at the end of each
 * interval it costs two anchors. Confined to the event dispatch thread.
 */
final class CaretSender implements AutoCloseable {
  /** Twice as often as it goes out, so that it is never much out of date then. */
  static final Duration INTERVAL = Duration.ofMillis(50);

  /** What a slow link can spare beside the text. */
  static final Duration SLOW_INTERVAL = Duration.ofSeconds(2);

  private final JTextComponent component;
  private final SharedTextBinding binding;
  private final SharedPresence presence;
  private final LongSupplier ticker;
  private final CaretListener listener = event -> moved();
  private final Timer timer = new Timer(0, event -> send());
  private Duration interval = INTERVAL;
  private long sentAtNanos;
  private int sent;

  /** Shows the caret where it is now, and wherever it goes. */
  CaretSender(
      JTextComponent component,
      SharedTextBinding binding,
      SharedPresence presence,
      LongSupplier ticker) {
    this.component = component;
    this.binding = binding;
    this.presence = presence;
    this.ticker = ticker;
    timer.setRepeats(false);
    component.addCaretListener(listener);
    sentAtNanos = ticker.getAsLong() - INTERVAL.toNanos();
    send();
  }

  void setSlow(boolean slow) {
    interval = slow ? SLOW_INTERVAL : INTERVAL;
    if (timer.isRunning()) {
      start();
    }
  }

  private void moved() {
    // Not at once: where the caret moves because the text is edited, that is not done yet.
    if (!timer.isRunning()) {
      start();
    }
  }

  private void start() {
    long left = interval.toNanos() - (ticker.getAsLong() - sentAtNanos);
    timer.setInitialDelay((int) Duration.ofNanos(Math.max(0, left)).toMillis());
    timer.restart();
  }

  /** Shows the caret now, or later if it cannot be told now where it is. */
  void send() {
    sentAtNanos = ticker.getAsLong();
    // What is composed has no index; what is not shown yet would make each a wrong one.
    if (binding.isComposing() || !binding.showsAll()) {
      start();
      return;
    }
    Caret caret = component.getCaret();
    presence.select(new Selection(caret.getMark(), caret.getDot()));
    sent++;
  }

  /** Returns how often the caret was shown. */
  int sent() {
    return sent;
  }

  /** Returns how long a move waits now until it is shown, in milliseconds; 0 if none waits. */
  int waitsMillis() {
    return timer.isRunning() ? timer.getInitialDelay() : 0;
  }

  @Override
  public void close() {
    timer.stop();
    component.removeCaretListener(listener);
  }
}
