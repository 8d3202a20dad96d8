package dev.weft.bench.peers;

import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.Trace.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Measures a library with replicas. A live run, untimed, makes the updates, the history and the
 * snapshot that the metrics start from, and the text that every run must end with.
 *
 * @param <D> a replica's document
 */
final class ReplicatedContender<D> implements Contender {
  private static final String EDITABLE = "opened to edit";
  private static final int LOOK_AT_CLOCK_EVERY = 16;

  private final Replicated<D> library;
  private final Script script;
  private final Trace trace;
  private final byte[][] updates;
  private final byte[] history;
  private final byte[] snapshot;
  private final String text;
  private final String order;
  private final int middleUtf16;
  private final int middleCodePoint;

  /** Plays the trace live. */
  ReplicatedContender(Replicated<D> library, Script script) throws Exception {
    this.library = library;
    this.script = script;
    this.trace = script.trace();
    this.updates = new byte[trace.transactionCount()][];
    List<D> documents =
        play(
            (document, transaction) ->
                updates[transaction] = library.typeAndEncode(document, transaction));
    text = library.text(documents.get(0));
    for (D document : documents) {
      if (!library.text(document).equals(text)) {
        throw new Texts.WrongTextException("its replicas diverge");
      }
    }
    order = Texts.order(trace, text);
    boolean saves = library.saves();
    history = saves ? library.history(documents.get(0)) : new byte[0];
    snapshot = saves ? library.snapshot(documents.get(0)) : new byte[0];
    documents.forEach(library::free);
    int middle = text.length() / 2;
    boolean inPair = middle > 0 && Character.isLowSurrogate(text.charAt(middle));
    middleUtf16 = inPair ? middle - 1 : middle;
    middleCodePoint = text.codePointCount(0, middleUtf16);
  }

  @Override
  public List<Way> ways(Metric metric) {
    return metric == Metric.LOAD && library.textReader().isPresent()
        ? List.of(Way.of(metric), new Way(metric, Optional.of(EDITABLE)))
        : List.of(Way.of(metric));
  }

  @Override
  public String reason(Metric metric) {
    throw new AssertionError("a library with replicas does all of it: " + metric);
  }

  @Override
  public Optional<String> note(Way way) {
    return way.equals(Way.of(Metric.LOAD)) && library.textReader().isPresent()
        ? Optional.of("the text alone, which stands first in a snapshot; the next row opens it all")
        : Optional.empty();
  }

  @Override
  public String order() {
    return order;
  }

  @Override
  public Size size() {
    return new Size(snapshot.length, library.sizeNote());
  }

  @Override
  public Run run(Way way, long limitNanos) throws Exception {
    return switch (way.metric()) {
      case LOCAL -> trace.kind() == Kind.SEQUENTIAL ? local(limitNanos) : typing();
      case REMOTE -> remote(limitNanos);
      case BULK -> bulk();
      case LOAD -> way.variant().isEmpty() ? load() : open();
      case EDIT -> edit();
      case SIZE -> throw new AssertionError("a size is no run");
    };
  }

  private Run local(long limitNanos) {
    Stopwatch stopwatch = new Stopwatch();
    D document = library.create(0);
    int count = trace.transactionCount();
    int transaction = 0;
    stopwatch.start();
    while (transaction < count) {
      library.type(document, transaction++);
      if (transaction % LOOK_AT_CLOCK_EVERY == 0 && stopwatch.nanosSoFar() > limitNanos) {
        break;
      }
    }
    library.settle(document);
    stopwatch.stop();
    int done = script.firstPatch(transaction);
    Texts.require(
        done == script.patchCount() ? text : Texts.beginning(script, done), library.text(document));
    library.free(document);
    return new Run(stopwatch.nanos(), done, script.patchCount());
  }

  private Run typing() throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    List<D> documents =
        play(
            (document, transaction) -> {
              stopwatch.start();
              library.type(document, transaction);
              library.settle(document);
              stopwatch.stop();
            });
    for (D document : documents) {
      Texts.require(text, library.text(document));
      library.free(document);
    }
    return new Run(stopwatch.nanos(), script.patchCount(), script.patchCount());
  }

  private Run remote(long limitNanos) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    D document = library.reader();
    int transaction = 0;
    stopwatch.start();
    while (transaction < updates.length) {
      library.apply(document, updates[transaction++]);
      if (transaction % LOOK_AT_CLOCK_EVERY == 0 && stopwatch.nanosSoFar() > limitNanos) {
        break;
      }
    }
    stopwatch.stop();
    if (transaction < updates.length) {
      library.apply(document, history);
    }
    Texts.require(text, library.text(document));
    library.free(document);
    return new Run(stopwatch.nanos(), transaction, updates.length);
  }

  private Run bulk() throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    D document = library.empty();
    stopwatch.start();
    library.apply(document, history);
    stopwatch.stop();
    Texts.require(text, library.text(document));
    library.free(document);
    return new Run(stopwatch.nanos(), script.patchCount(), script.patchCount());
  }

  private Run load() throws Exception {
    Optional<Replicated.TextReader> reader = library.textReader();
    return reader.isPresent() ? readText(reader.get()) : open();
  }

  private Run readText(Replicated.TextReader reader) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    stopwatch.start();
    String read = reader.read(snapshot);
    stopwatch.stop();
    Texts.require(text, read);
    return new Run(stopwatch.nanos(), 1, 1);
  }

  private Run open() throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    stopwatch.start();
    D document = library.load(snapshot);
    String read = library.text(document);
    stopwatch.stop();
    Texts.require(text, read);
    library.free(document);
    return new Run(stopwatch.nanos(), 1, 1);
  }

  private Run edit() throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    stopwatch.start();
    D document = library.load(snapshot);
    library.insert(document, middleUtf16, middleCodePoint, "#");
    String read = library.text(document);
    stopwatch.stop();
    Texts.require(text, new StringBuilder(read).deleteCharAt(middleUtf16).toString());
    library.free(document);
    return new Run(stopwatch.nanos(), 1, 1);
  }

  private List<D> play(TracePlay.Typist<D> typist) throws Exception {
    return new TracePlay<>(library, script, updates).run(typist);
  }
}
