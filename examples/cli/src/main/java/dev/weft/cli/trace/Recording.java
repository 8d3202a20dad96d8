package dev.weft.cli.trace;

import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.List;

/**
 * What a live run of a trace leaves behind, and what the ways of taking it in start from. The
 * arrays are shared, not copied: nobody changes them.
 *
 * @param updates each transaction's own update, in the order of the trace
 * @param history everything as one update
 * @param snapshot the final document, history included
 * @param text the final text
 */
@SuppressWarnings("ArrayRecordComponent") // A recording is never compared, and large.
public record Recording(byte[][] updates, byte[] history, byte[] snapshot, String text) {

  /** Plays a script live, by writers of the ids 1, 2 and so on, and keeps what comes of it. */
  public static Recording of(Script script) throws TraceFormatException, DivergedException {
    return of(script, WriterIds.COUNTED);
  }

  /**
   * Plays a script live and keeps what comes of it.
   *
   * @throws TraceFormatException if a transaction does not fit the text at its parents
   * @throws DivergedException if the replicas end with different texts
   */
  public static Recording of(Script script, WriterIds ids)
      throws TraceFormatException, DivergedException {
    LiveRun run = new LiveRun(script.trace(), script.plan(), ids, script::type);
    List<TextDocument> documents = run.run();
    String text =
        DivergedException.requireAgreement(
            script.trace(), documents.stream().map(TextDocument::text).toList());
    TextDocument document = documents.get(0);
    return new Recording(
        run.updates(), document.changesSince(VersionVector.EMPTY), document.snapshot(), text);
  }
}
