package dev.weft.desktop.presence;

import dev.weft.client.Participant;
import dev.weft.client.Participants;
import dev.weft.client.SharedText;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Desk;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.desktop.presence.Shape.Kind;
import java.util.Arrays;
import java.util.List;
import javax.swing.JTextArea;

/** A text area on a shared text, and over it others who come and go as a test says. */
final class LayeredText implements AutoCloseable {
  final SharedText text;
  final Participants participants;
  final PresenceLayer layer;
  private final Desk desk = new Desk(null);
  private final Roster roster;
  private final SharedTextBinding binding;

  LayeredText(JTextArea area, String written) {
    text = desk.newText();
    text.insert(0, written);
    participants = new Participants(text);
    roster = new Roster(participants.ticker());
    binding = EventThread.call(() -> SharedTextBinding.bind(area, text));
    layer =
        EventThread.call(
            () ->
                new PresenceLayer(
                    area,
                    () -> text.read(shared -> roster.marks(shared, binding::toOffset)),
                    participants.ticker()));
  }

  /** Has these be here, and nobody else. */
  void show(Participant... now) {
    EventThread.run(
        () -> {
          roster.update(Arrays.asList(now));
          layer.changed();
        });
  }

  List<Shape> drawn(Kind kind) {
    return EventThread.call(
        () -> layer.drawn().stream().filter(shape -> shape.kind() == kind).toList());
  }

  @Override
  public void close() {
    EventThread.run(layer::close);
    EventThread.run(binding::close);
    desk.close();
  }
}
