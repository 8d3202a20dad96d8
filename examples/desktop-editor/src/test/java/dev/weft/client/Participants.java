package dev.weft.client;

import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.protocol.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** People who are in a text, made without a relay, and a clock that is set by hand. */
public final class Participants {
  private final SharedText text;
  private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
  private long nextId = 1;

  /** Creates people who are in {@code text}. */
  public Participants(SharedText text) {
    this.text = text;
  }

  /** Returns the clock, in nanoseconds. */
  public LongSupplier ticker() {
    return clock::get;
  }

  /** Lets time pass. */
  public void pass(java.time.Duration time) {
    clock.addAndGet(time.toNanos());
  }

  /** Somebody comes, who has moved just now. */
  public Participant come(String name, int color, Selection... selections) {
    return moved(nextId++, name, color, selections);
  }

  /** Somebody comes who says something beside a name and a color. */
  public Participant comeSaying(byte[] extension, String name, int color) {
    return new Participant(
        nextId++, name, color, List.of(), Payload.of(extension), clock.get(), clock::get);
  }

  /** Somebody who is here already chooses another name and color. */
  public Participant choose(Participant before, String name, int color) {
    return moved(before.id(), name, color);
  }

  /** Somebody who is here already has moved just now. */
  public Participant move(Participant before, Selection... selections) {
    return moved(before.id(), before.name(), before.color(), selections);
  }

  private Participant moved(long id, String name, int color, Selection... selections) {
    List<AnchoredSelection> anchored =
        text.read(
            document ->
                Arrays.stream(selections)
                    .map(each -> AnchoredSelection.of(each, document))
                    .toList());
    return new Participant(id, name, color, anchored, Payload.EMPTY, clock.get(), clock::get);
  }
}
