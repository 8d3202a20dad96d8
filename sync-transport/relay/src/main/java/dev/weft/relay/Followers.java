package dev.weft.relay;

import dev.weft.crdt.Subscription;
import dev.weft.crdt.TextChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those who follow one document by server-sent events, and what they are to hear: what came
 * together in one event, written once for all. Observes the text only while somebody follows.
 * Confined to the document's worker.
 */
final class Followers {
  /** Longer edits are not told as such: a fresh text takes their place. */
  private static final int MAX_EDIT_UNITS = 64 << 10;

  /** What an edit counts for beside its text. */
  private static final int EDIT_UNITS = 32;

  private final Set<EventStream> streams = new LinkedHashSet<>();
  private final List<TextChange.Edit> edits = new ArrayList<>();
  private @Nullable Subscription observing;
  private long units;
  private boolean tooMuch;

  /** The newest text event, which many may ask for; null if the text has changed since. */
  private byte @Nullable [] textEvent;

  /**
   * Begins to tell a stream.
   *
   * @param known the version that its reader has, as {@link VersionTag} names it; empty for none
   */
  void join(EventStream stream, RelayedText text, String known) {
    tell(text);
    if (observing == null) {
      observing = text.text().observe(this::changed);
    }
    streams.add(stream);
    if (known.equals(VersionTag.of(text.version()))) {
      stream.restart(TextEvents.HEARTBEAT);
    } else {
      stream.restart(textEvent(text));
    }
  }

  private void changed(TextChange change) {
    textEvent = null;
    for (TextChange.Edit edit : change.edits()) {
      units += edit.inserted().length() + EDIT_UNITS;
    }
    if (units > MAX_EDIT_UNITS) {
      tooMuch = true;
      edits.clear();
    }
    if (!tooMuch) {
      edits.addAll(change.edits());
    }
  }

  /** Tells all what has changed since the last time. */
  void tell(RelayedText text) {
    if (tooMuch) {
      streams.forEach(EventStream::leaveOut);
    } else if (!edits.isEmpty()) {
      byte[] event = TextEvents.edits(VersionTag.of(text.version()), edits);
      streams.forEach(stream -> stream.give(event));
    }
    edits.clear();
    units = 0;
    tooMuch = false;
  }

  /** A stream has taken in what it was given, and lacks edits: gives it a fresh text. */
  void renew(EventStream stream, RelayedText text) {
    if (streams.contains(stream)) {
      tell(text);
      stream.restart(textEvent(text));
    }
  }

  private byte[] textEvent(RelayedText text) {
    byte[] event = textEvent;
    if (event == null) {
      event = TextEvents.text(VersionTag.of(text.version()), text.text().text());
      textEvent = event;
    }
    return event;
  }

  /** A stream has ended; returns whether it was here. */
  boolean leave(EventStream stream) {
    boolean here = streams.remove(stream);
    if (streams.isEmpty() && observing != null) {
      observing.close();
      observing = null;
      textEvent = null;
      edits.clear();
    }
    return here;
  }

  /** The document is given up: ends all streams, whose readers come again. */
  void end() {
    List.copyOf(streams).forEach(EventStream::end);
  }
}
