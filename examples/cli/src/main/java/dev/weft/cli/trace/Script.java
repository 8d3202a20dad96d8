package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;

/**
 * A trace in a document's own terms: the same patches with UTF-16 indexes, worked out beforehand,
 * so that replaying it costs what the document costs. Immutable.
 */
public final class Script {
  private final Trace trace;
  private final DeliveryPlan plan;
  private final Patches patches;

  private Script(Trace trace, DeliveryPlan plan, Patches patches) {
    this.trace = trace;
    this.plan = plan;
    this.patches = patches;
  }

  /**
   * Prepares a trace. Where it holds characters beyond the basic plane and several writers, that
   * takes a replay of its own: an index counts UTF-16 units of a text which only the merge tells.
   *
   * @throws TraceFormatException if the trace contradicts itself
   */
  public static Script of(Trace trace) throws TraceFormatException {
    DeliveryPlan plan = DeliveryPlan.of(trace);
    if (trace.basicPlaneOnly()) {
      return new Script(trace, plan, trace.patches());
    }
    Conversion conversion = new Conversion(trace);
    if (trace.kind() == Kind.SEQUENTIAL) {
      conversion.convertSequence();
    } else {
      new LiveRun(trace, plan, WriterIds.COUNTED, conversion).run();
    }
    return new Script(trace, plan, conversion.converted);
  }

  /** Returns the trace that this is the script of. */
  public Trace trace() {
    return trace;
  }

  /** Returns how many patches there are to type. */
  public int patchCount() {
    return patches.size();
  }

  /** Returns where the patch is made, in UTF-16 units. */
  public int start(int patch) {
    return patches.position(patch);
  }

  /** Returns where the text that the patch deletes ends, exclusive, in UTF-16 units. */
  public int end(int patch) {
    return patches.position(patch) + patches.deleted(patch);
  }

  /** Returns what the patch inserts, empty for a mere deletion. */
  public String inserted(int patch) {
    return patches.inserted(patch);
  }

  /**
   * Returns the transaction's first patch; that of {@code transactionCount()} is the end of all.
   */
  public int firstPatch(int transaction) {
    return trace.firstPatch(transaction);
  }

  /** Returns where the patch is made, in Unicode code points. */
  public int codePointStart(int patch) {
    return trace.patches().position(patch);
  }

  /** Returns how many Unicode code points the patch deletes. */
  public int codePointsDeleted(int patch) {
    return trace.patches().deleted(patch);
  }

  /**
   * Returns which transaction's state a transaction of an event graph starts from, or -1 for the
   * text before the first.
   */
  public int forkedFrom(int transaction) {
    return plan.forkedFrom(transaction);
  }

  /** Returns which transactions the writer receives before it makes this one, ascending. */
  public int[] received(int transaction) {
    return plan.received(transaction).clone();
  }

  /**
   * Returns which transactions a writer receives when all have written, ascending; in an event
   * graph only the writer of the last one does.
   */
  public int[] receivedAtEnd(int writer) {
    return plan.receivedAtEnd(writer).clone();
  }

  /** Returns the id that a writer's document has. */
  public static ReplicaId replicaId(int writer) {
    return WriterIds.COUNTED.id(writer);
  }

  /** Returns the document of the first writer as it is before the first transaction. */
  public TextDocument newDocument() {
    return newDocument(0);
  }

  /** Returns the document of a writer as it is before the first transaction. */
  public TextDocument newDocument(int writer) {
    return Replicas.writer(trace, writer, WriterIds.COUNTED);
  }

  /** Returns the document of a replica that only reads, before the first transaction. */
  public TextDocument newReader() {
    return Replicas.reader(trace);
  }

  /**
   * Makes the edits of a transaction in a document that holds exactly what its parents name.
   *
   * @throws IndexOutOfBoundsException if a patch lies outside of the text
   */
  public void type(int transaction, TextDocument document) {
    int end = trace.firstPatch(transaction + 1);
    for (int patch = trace.firstPatch(transaction); patch < end; patch++) {
      typePatch(patch, document);
    }
  }

  /** Makes all edits of a sequential trace in one document, which has nothing put off then. */
  public void typeAll(TextDocument document) {
    int end = patches.size();
    for (int patch = 0; patch < end; patch++) {
      typePatch(patch, document);
    }
    settle(document);
  }

  /**
   * Has a document do what it puts off while its author types on, so that it is in the time that is
   * measured.
   */
  public static void settle(TextDocument document) {
    long unused = document.nextSequence();
  }

  /** Returns how many units a transaction inserts and deletes. */
  int units(int transaction) {
    int units = 0;
    int end = trace.firstPatch(transaction + 1);
    for (int patch = trace.firstPatch(transaction); patch < end; patch++) {
      units += patches.deleted(patch) + patches.inserted(patch).length();
    }
    return units;
  }

  DeliveryPlan plan() {
    return plan;
  }

  private void typePatch(int patch, TextDocument document) {
    int start = patches.position(patch);
    int deleted = patches.deleted(patch);
    String inserted = patches.inserted(patch);
    if (deleted == 0) {
      document.insert(start, inserted);
    } else if (inserted.isEmpty()) {
      document.delete(start, start + deleted);
    } else {
      document.replace(start, start + deleted, inserted);
    }
  }

  /** Turns code point positions into UTF-16 indexes, in the order of the patches. */
  private static final class Conversion implements Typist {
    private final Trace trace;
    private final Patches converted = new Patches();

    Conversion(Trace trace) {
      this.trace = trace;
    }

    void convertSequence() throws TraceFormatException {
      AstralPositions text = new AstralPositions(trace.startContent());
      for (int transaction = 0; transaction < trace.transactionCount(); transaction++) {
        try {
          convert(transaction, text);
        } catch (IndexOutOfBoundsException e) {
          throw LiveRun.doesNotFit(trace, transaction, e);
        }
      }
    }

    @Override
    public void type(int transaction, TextDocument document) {
      int first = converted.size();
      convert(transaction, new AstralPositions(document.text()));
      for (int patch = first; patch < converted.size(); patch++) {
        document.replace(
            converted.position(patch),
            converted.position(patch) + converted.deleted(patch),
            converted.inserted(patch));
      }
    }

    private void convert(int transaction, AstralPositions text) {
      Patches recorded = trace.patches();
      int end = trace.firstPatch(transaction + 1);
      for (int patch = trace.firstPatch(transaction); patch < end; patch++) {
        int position = recorded.position(patch);
        int deleted = recorded.deleted(patch);
        String inserted = recorded.inserted(patch);
        if (position + (long) deleted > text.length()) {
          throw new IndexOutOfBoundsException(
              "a patch at character "
                  + position
                  + " that deletes "
                  + deleted
                  + ", in a text of "
                  + text.length());
        }
        int start = text.toUtf16(position);
        converted.add(start, text.toUtf16(position + deleted) - start, inserted);
        text.replace(position, deleted, inserted);
      }
    }
  }
}
