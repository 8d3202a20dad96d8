package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextHistory;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the relay refused, as the person who wrote it would tell it. Stateless. */
final class RefusedEdits {
  private static final int MOST_CHARACTERS = 400;

  private RefusedEdits() {}

  /**
   * Returns what each letter did to its document, in words. O(what the text holds), for a copy, so
   * for a thread that may wait; the text itself is held up for no longer than the copy takes.
   */
  static List<String> inWords(SharedText text, List<DeadLetter> letters) {
    ReplicaId nobody = ReplicaId.random(new SecureRandom());
    TextDocument copy = text.read(document -> document.fork(nobody));
    return inWords(copy, letters);
  }

  /** As above, of a document that nobody writes. */
  static List<String> inWords(TextDocument document, List<DeadLetter> letters) {
    TextHistory history = document.history();
    return letters.stream().map(letter -> inWords(letter, document.version(), history)).toList();
  }

  private static String inWords(DeadLetter letter, VersionVector version, TextHistory history) {
    if (!letter.holdsBack()) {
      return "It is in no document here: 'weft dead-letters export' writes it into a file.";
    }
    Map<ReplicaId, Long> starts = new HashMap<>();
    Map<ReplicaId, Long> ends = new HashMap<>();
    for (Change change : letter.changes()) {
      starts.merge(change.replica(), change.start(), Math::min);
      ends.merge(change.replica(), change.end(), Math::max);
    }
    return inWords(history.difference(below(version, starts), below(version, ends)));
  }

  /** Nobody else can have built on what was refused, so that the version is whole without it. */
  private static VersionVector below(VersionVector version, Map<ReplicaId, Long> bounds) {
    VersionVector.Builder below = new VersionVector.Builder();
    for (ReplicaId replica : version.replicas()) {
      long bound = bounds.getOrDefault(replica, Long.MAX_VALUE);
      below.advance(replica, Math.min(version.next(replica), bound));
    }
    return below.build();
  }

  private static String inWords(List<Edit> edits) {
    String written =
        edits.stream()
            .map(Edit::inserted)
            .filter(inserted -> !inserted.isEmpty())
            .collect(Collectors.joining(" ... "));
    long deleted = edits.stream().mapToLong(Edit::deletedLength).sum();
    String removed = characters(deleted);
    if (written.isEmpty()) {
      return removed.isEmpty() ? "It changes nothing in the text." : "You deleted " + removed + ".";
    }
    return "You wrote: "
        + shortened(written)
        + (removed.isEmpty() ? "" : "\nand deleted " + removed + ".");
  }

  private static String characters(long count) {
    return switch ((int) Math.min(count, 2)) {
      case 0 -> "";
      case 1 -> "1 character";
      default -> String.format(Locale.ENGLISH, "%,d characters", count);
    };
  }

  private static String shortened(String written) {
    if (written.length() <= MOST_CHARACTERS) {
      return written;
    }
    int end = Character.isHighSurrogate(written.charAt(MOST_CHARACTERS - 1)) ? 1 : 0;
    return String.format(
        Locale.ENGLISH,
        "%s... (%,d characters in all)",
        written.substring(0, MOST_CHARACTERS - end),
        written.length());
  }
}
