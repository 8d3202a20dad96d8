package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.SharedFiles;
import dev.weft.cli.trace.Trace.Kind;
import dev.weft.cli.trace.TraceReplay.Mode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Histories recorded elsewhere reach the texts that were recorded with them. */
class RecordedTracesTest {
  @TestFactory
  Stream<DynamicTest> shouldReachRecordedTextInEveryMode() {
    return SharedFiles.traces().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file)));
  }

  @Test
  void shouldConformToReferenceHistories() throws Exception {
    assertConforms(SharedFiles.conformance("egwalker-reference.json"), 300);
  }

  @Test
  void shouldConformToGeneratedHistories() throws Exception {
    assertConforms(SharedFiles.conformance("generated.json"), 100);
  }

  private static void assertConforms(Path file, int count) throws Exception {
    List<Trace> histories = TraceReader.readAll(file);

    assertThat(histories).hasSize(count);
    assertThat(histories.stream().flatMap(history -> Conformance.check(history).stream()))
        .isEmpty();
  }

  private static void replay(Path file) throws Exception {
    Script script = Script.of(TraceReader.read(file));
    Recording recording = Recording.of(script);
    // The recording was a live run already; a run whose text is another throws.
    for (Mode mode : EnumSet.complementOf(EnumSet.of(Mode.LIVE, Mode.RELAY))) {
      if (mode != Mode.LOCAL || script.trace().kind() == Kind.SEQUENTIAL) {
        TraceReplay.run(script, recording, mode);
      }
    }
    script
        .trace()
        .endContent()
        .ifPresent(expected -> assertThat(recording.text()).isEqualTo(expected));
  }
}
