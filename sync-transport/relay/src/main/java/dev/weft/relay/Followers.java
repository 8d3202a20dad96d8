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

  private final Renderings renderings;
  private final Set<EventStream> streams = new LinkedHashSet<>();
  private final List<TextChange.Edit> edits = new ArrayList<>();
  private @Nullable Subscription observing;
  private long units;
  private boolean tooMuch;

  /**
   * Creates an empty following.
   *
   * @param renderings where fresh texts come from
   */
  Followers(Renderings renderings) {
    this.renderings = renderings;
  }

  /**
   * Returns what a reader must be given before it can follow, and then holds; null for nothing.
   *
   * @param known the version that the reader has, as {@link VersionTag} names it; empty for none
   * @throws RefusedException if readers hold too much already
   */
  @Nullable Rendering first(RelayedText text, String known) throws RefusedException {
    return known.equals(renderings.told(text).tag()) ? null : renderings.event(text);
  }

  /**
   * Begins to tell a stream.
   *
   * @param first what {@link #first} has returned for it
   */
  void join(EventStream stream, RelayedText text, @Nullable Rendering first) {
    tell(text);
    if (observing == null) {
      observing = text.text().observe(this::changed);
    }
    streams.add(stream);
    stream.restart(first);
  }

  private void changed(TextChange change) {
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

  /**
   * A stream has taken in what it was given, and lacks edits: gives it a fresh text, or ends it if
   * there is no room for one, so that its reader comes again.
   */
  void renew(EventStream stream, RelayedText text) {
    if (streams.contains(stream)) {
      tell(text);
      try {
        stream.restart(renderings.event(text));
      } catch (RefusedException e) {
        stream.end();
      }
    }
  }

  /** A stream has ended; returns whether it was here. */
  boolean leave(EventStream stream) {
    boolean here = streams.remove(stream);
    if (streams.isEmpty() && observing != null) {
      observing.close();
      observing = null;
      edits.clear();
    }
    return here;
  }

  /** The document is given up: ends all streams, whose readers come again. */
  void end() {
    List.copyOf(streams).forEach(EventStream::end);
  }
}
