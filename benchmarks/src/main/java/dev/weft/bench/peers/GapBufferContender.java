package dev.weft.bench.peers;

import dev.weft.bench.GapBuffer;
import dev.weft.cli.trace.Recording;
import dev.weft.cli.trace.Script;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures the floor: a text buffer without collaboration. */
final class GapBufferContender implements Contender {
  private final Script script;
  private final Recording recording;
  private final ReplicatedContender<GapBufferReplicas.Followed> authors;

  /** What comes out of the updates at a replica that only receives. */
  private final List<Edit> received = new ArrayList<>();

  GapBufferContender(Script script) throws Exception {
    this.script = script;
    recording = Recording.of(script);
    authors = new ReplicatedContender<>(new GapBufferReplicas(script, recording.updates()), script);
    TextDocument reader = script.newReader();
    reader.observe(change -> received.addAll(change.edits()));
    for (byte[] update : recording.updates()) {
      reader.apply(update);
    }
  }

  @Override
  public List<Way> ways(Metric metric) {
    return metric == Metric.LOCAL || metric == Metric.REMOTE ? List.of(Way.of(metric)) : List.of();
  }

  @Override
  public String reason(Metric metric) {
    return metric == Metric.BULK
        ? "a gap buffer merges nothing: it would be handed the final text"
        : "a gap buffer has no history to save";
  }

  @Override
  public Optional<String> note(Way way) {
    return way.metric() == Metric.REMOTE
        ? Optional.of("told where to edit: nothing to decode, nothing to merge")
        : Optional.empty();
  }

  @Override
  public String order() {
    return authors.order();
  }

  @Override
  public Size size() {
    throw new AssertionError("a gap buffer has no history to save");
  }

  @Override
  public Run run(Way way, long limitNanos) throws Exception {
    return way.metric() == Metric.LOCAL ? authors.run(way, limitNanos) : remote();
  }

  private Run remote() {
    Stopwatch stopwatch = new Stopwatch();
    GapBuffer buffer = new GapBuffer();
    buffer.replace(0, 0, script.trace().startContent());
    stopwatch.start();
    for (Edit edit : received) {
      buffer.replace(edit.index(), edit.index() + edit.deletedLength(), edit.inserted());
    }
    stopwatch.stop();
    Texts.require(recording.text(), buffer.text());
    int updates = recording.updates().length;
    return new Run(stopwatch.nanos(), updates, updates);
  }
}
