package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.SharedFiles;
import dev.weft.cli.trace.TraceReplay.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayRunTest {
  @TempDir private Path folder;

  @Test
  void shouldReachRecordedTextOfTwoAuthors() throws Exception {
    Script script = Script.of(TraceReader.read(SharedFiles.trace("friendsforever.json.gz")));
    Recording recording = Recording.of(script);

    // A run whose text is not the recording's throws.
    TraceReplay.run(script, recording, Mode.RELAY);

    assertThat(script.trace().endContent()).contains(recording.text());
  }

  @Test
  void shouldLetThreeAgentsSeeOnlyWhatTheySawWhenRecorded() throws Exception {
    // At [3] agent 2 has agent 1's edit but not yet agent 0's, which was typed before it.
    assertReplays(
        """
        {"kind": "concurrent", "startContent": "|", "endContent": "ab|c!?", "txns": [
          {"parents": [], "agent": 0, "patches": [[0, 0, "a"]]},
          {"parents": [], "agent": 1, "patches": [[0, 0, "b"]]},
          {"parents": [], "agent": 2, "patches": [[1, 0, "c"]]},
          {"parents": [1, 2], "agent": 2, "patches": [[3, 0, "!"]]},
          {"parents": [0, 3], "agent": 0, "patches": [[5, 0, "?"]]}]}
        """);
  }

  @Test
  void shouldReplaySingleAuthor() throws Exception {
    assertReplays("{\"txns\": [{\"patches\": [[0, 0, \"a😀b\"]]}, {\"patches\": [[1, 1, \"\"]]}]}");
  }

  @Test
  void shouldRefuseEventGraph() throws Exception {
    Script script =
        Script.of(
            read(
                """
                {"txns": [{"agent": "a", "seqStart": 0, "span": [0, 1], "parents": [],
                           "ops": [[0, 0, "a"]]}]}
                """));

    assertThatThrownBy(() -> new RelayRun(script))
        .isInstanceOf(TraceFormatException.class)
        .hasMessageContaining("cannot be replayed through a relay: in an event graph");
  }

  @Test
  void shouldRefuseOrdersThatNoRelayCanBringAbout() throws Exception {
    // Agents 2 and 3 have each received what the other has not, of two that knew nothing of it.
    Script script =
        Script.of(
            read(
                """
                {"kind": "concurrent", "txns": [
                  {"parents": [], "agent": 0, "patches": [[0, 0, "a"]]},
                  {"parents": [], "agent": 1, "patches": [[0, 0, "b"]]},
                  {"parents": [0], "agent": 2, "patches": [[0, 0, "c"]]},
                  {"parents": [1], "agent": 3, "patches": [[0, 0, "d"]]}]}
                """));

    assertThatThrownBy(() -> new RelayRun(script))
        .isInstanceOf(TraceFormatException.class)
        .hasMessageContaining("in orders that no relay can bring about");
  }

  private void assertReplays(String json) throws Exception {
    Script script = Script.of(read(json));
    Recording recording = Recording.of(script);
    TraceReplay.run(script, recording, Mode.RELAY);
    script
        .trace()
        .endContent()
        .ifPresent(expected -> assertThat(recording.text()).isEqualTo(expected));
  }

  private Trace read(String json) throws IOException {
    return TraceReader.read(Files.writeString(folder.resolve("trace.json"), json));
  }
}
