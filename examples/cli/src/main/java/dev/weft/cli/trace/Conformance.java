package dev.weft.cli.trace;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.TextDocument;
import java.util.Optional;

/**
 * Checks that a history reaches the text it must: at the replicas that wrote it, at one that gets
 * every transaction's update from the last to the first, so that all must wait for others, at one
 * that gets the whole history at once, and at one that opens a snapshot.
 */
public final class Conformance {
  /** How many updates arrive in reverse: enough to wait in rows, within a document's bounds. */
  private static final int WINDOW = 1000;

  private Conformance() {}

  /** Replays a history; returns what is wrong, in one sentence, or nothing if all is right. */
  public static Optional<String> check(Trace history) {
    if (history.endContent().isEmpty()) {
      return Optional.of(history.name() + ": has no endContent to compare with");
    }
    try {
      Recording recording = Recording.of(Script.of(history));
      String expected = history.endContent().get();
      return differs(history, "live", expected, recording.text())
          .or(() -> differs(history, "from last to first", expected, backwards(history, recording)))
          .or(() -> differs(history, "in one update", expected, atOnce(recording)))
          .or(
              () ->
                  differs(
                      history,
                      "from a snapshot",
                      expected,
                      Replicas.reader(recording.snapshot()).text()));
    } catch (TraceFormatException | DivergedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> differs(
      Trace history, String how, String expected, String actual) {
    return expected.equals(actual)
        ? Optional.empty()
        : Optional.of(
            history.name() + " (" + how + "): " + TextDifference.describe(expected, actual));
  }

  /** Delivers each window of the history from its last update to its first. */
  private static String backwards(Trace history, Recording recording) {
    byte[][] updates = recording.updates();
    TextDocument document = Replicas.reader(history);
    for (int start = 0; start < updates.length; start += WINDOW) {
      int end = Math.min(start + WINDOW, updates.length);
      for (int i = end - 1; i >= start; i--) {
        try {
          document.apply(updates[i]);
        } catch (MalformedUpdateException e) {
          throw new AssertionError("an update just made cannot be read", e);
        }
      }
    }
    return document.text();
  }

  private static String atOnce(Recording recording) {
    TextDocument document = Replicas.emptyReader();
    Replicas.apply(document, recording.history());
    return document.text();
  }
}
