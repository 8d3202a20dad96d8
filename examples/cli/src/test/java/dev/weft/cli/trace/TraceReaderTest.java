package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.trace.Trace.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceReaderTest {
  @TempDir private Path folder;

  @Test
  void shouldReadSequentialTrace() throws IOException {
    Trace trace =
        read(
            """
            {"startContent": "ab", "endContent": "axb", "txns": [
              {"time": "2021", "patches": [[1, 0, "x"], [0, 2, "😀y"]]},
              {"patches": []}]}
            """);

    assertThat(trace.kind()).isEqualTo(Kind.SEQUENTIAL);
    assertThat(trace.name()).isEqualTo("trace.json");
    assertThat(trace.startContent()).isEqualTo("ab");
    assertThat(trace.endContent()).contains("axb");
    assertThat(trace.transactionCount()).isEqualTo(2);
    assertThat(trace.writerCount()).isEqualTo(1);
    assertThat(trace.parents(0)).isEmpty();
    assertThat(trace.parents(1)).containsExactly(0);
    assertThat(trace.events()).isEqualTo(5);
    assertThat(trace.firstPatch(1)).isEqualTo(2);
    assertThat(trace.patches().position(1)).isZero();
    assertThat(trace.patches().deleted(1)).isEqualTo(2);
    assertThat(trace.patches().inserted(1)).isEqualTo("😀y");
    assertThat(trace.basicPlaneOnly()).isFalse();
  }

  @Test
  void shouldReadConcurrentTraceAndNumberItsAgentsWithoutGaps() throws IOException {
    Trace trace =
        read(
            """
            {"txns": [
              {"parents": [], "agent": 7, "patches": [[0, 0, "a"]]},
              {"parents": [], "agent": 3, "patches": [[0, 0, "b"]]},
              {"parents": [0, 1], "agent": 7, "patches": [[0, 1, ""]]}],
             "numAgents": 8, "kind": "concurrent", "endContent": "b"}
            """);

    assertThat(trace.kind()).isEqualTo(Kind.CONCURRENT);
    assertThat(trace.writerCount()).isEqualTo(2);
    assertThat(List.of(trace.writer(0), trace.writer(1), trace.writer(2))).containsExactly(1, 0, 1);
    assertThat(trace.parents(2)).containsExactly(0, 1);
    assertThat(trace.basicPlaneOnly()).isTrue();
  }

  @Test
  void shouldRankTransactionsOfEventGraphByAgentAndSequence() throws IOException {
    Trace trace =
        read(
            """
            {"txns": [
              {"agent": "b", "seqStart": 4, "span": [0, 2], "parents": [], "ops": [[0, 0, "xy"]]},
              {"agent": "b", "seqStart": 0, "span": [2, 3], "parents": [], "ops": [[0, 0, "z"]]},
              {"agent": "a", "seqStart": 9, "span": [3, 5], "parents": [1, 2],
               "ops": [[0, 1, "q"]]}]}
            """);

    assertThat(trace.kind()).isEqualTo(Kind.EVENT_GRAPH);
    assertThat(trace.endContent()).isEmpty();
    assertThat(trace.writerCount()).isEqualTo(3);
    assertThat(List.of(trace.writer(0), trace.writer(1), trace.writer(2))).containsExactly(2, 1, 0);
    assertThat(trace.parents(2)).containsExactly(0, 1);
  }

  @Test
  void shouldCutTransactionWhereAnotherBranchesOffInItsMiddle() throws IOException {
    Trace trace =
        read(
            """
            {"txns": [
              {"agent": "a", "seqStart": 0, "span": [0, 7], "parents": [],
               "ops": [[0, 0, "abcd"], [1, 2, "x"]]},
              {"agent": "b", "seqStart": 0, "span": [7, 8], "parents": [1], "ops": [[2, 0, "!"]]},
              {"agent": "c", "seqStart": 0, "span": [8, 9], "parents": [4], "ops": [[3, 0, "?"]]},
              {"agent": "d", "seqStart": 0, "span": [9, 10], "parents": [6, 7, 8],
               "ops": [[0, 0, "."]]}]}
            """);

    assertThat(trace.recordedTransactions()).isEqualTo(4);
    assertThat(trace.transactionCount()).isEqualTo(6);
    assertThat(patches(trace, 0)).containsExactly("0-0+ab");
    assertThat(patches(trace, 1)).containsExactly("2-0+cd", "1-1+");
    assertThat(patches(trace, 2)).containsExactly("1-1+x");
    assertThat(trace.parents(1)).containsExactly(0);
    assertThat(trace.parents(2)).containsExactly(1);
    assertThat(trace.parents(3)).containsExactly(0);
    assertThat(trace.parents(4)).containsExactly(1);
    assertThat(trace.parents(5)).containsExactly(2, 3, 4);
    assertThat(trace.events()).isEqualTo(10);
    assertThat(List.of(trace.writer(0), trace.writer(1), trace.writer(2))).containsExactly(0, 1, 2);
  }

  @Test
  void shouldReadGzippedFileWhateverItsName() throws IOException {
    Path file = folder.resolve("plain-name");
    Files.write(file, gzip("{\"txns\": []}"));

    assertThat(TraceReader.read(file).transactionCount()).isZero();
  }

  @Test
  void shouldReadListOfHistories() throws IOException {
    Path file = write("[{\"txns\": []}, {\"txns\": [], \"endContent\": \"\"}]");

    List<Trace> histories = TraceReader.readAll(file);

    assertThat(histories).extracting(Trace::name).containsExactly("trace.json[0]", "trace.json[1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `` | is empty
          {} | not a trace: it has no txns
          [] | holds a list of histories, not one trace; `weft conform` replays them
          7 | expected an object with txns, found 7 at line 1, column 1
          {"txns": 7} | expected a list of transactions, found 7 at /txns, line 1, column 10
          {"txns": [{"patches": [[0, 0]]}]} | expected a string, found ']' at /txns/0/patches/0, line 1, column 29
          {"txns": [{"patches": [[-1, 0, "a"]]}]} | a patch's position must be from 0 to 2147483647, is -1 at /txns/0/patches/0/0, line 1, column 25
          {"txns": [{"patches": [[99999999999, 0, "a"]]}]} | a patch's position must be from 0 to 2147483647, is 99999999999 at /txns/0/patches/0/0, line 1, column 25
          {"txns": [{"patches": [[0, 1.5, "a"]]}]} | expected how much a patch deletes, a whole number, found 1.5 at /txns/0/patches/0/1, line 1, column 28
          {"txns": [{"patches": [[0, 0, "\\ud83d"]]}]} | unpaired surrogate U+D83D at /txns/0/patches/0/2, line 1, column 31
          {"startContent": "\\ude00", "txns": []} | unpaired surrogate U+DE00 at /startContent, line 1, column 18
          {"txns": [}]} | not valid JSON at line 1, column 11: Unexpected close marker '}': expected ']'
          {"txns": [] | not valid JSON at line 1, column 12: Unexpected end-of-input: expected close marker for Object
          {"txns": []} {} | goes on after its end at line 1, column 14
          {"kind": "tree", "txns": []} | kind is "tree", expected "concurrent" or none at /kind, line 1, column 10
          {"kind": "concurrent", "txns": [{"patches": []}]} | says that it is concurrent, but its transactions have no parents by number
          {"txns": [{"parents": [], "patches": []}]} | txns[0] has no agent, a whole number
          {"txns": [{"parents": [0], "agent": 0, "patches": []}]} | txns[0] has parent 0, which does not stand before it
          {"numAgents": 2, "txns": [{"parents": [], "agent": 2, "patches": []}]} | has an agent 2, but numAgents is 2
          {"txns": [{"patches": []}, {"parents": [], "agent": 2, "patches": []}]} | txns[1] has the fields of another kind of trace
          {"txns": [{"span": [0, 2], "agent": "a", "seqStart": 0, "parents": [], "ops": [[0, 0, "a"]]}]} | txns[0] span is [0, 2), but its ops are the events [0, 1)
          {"txns": [{"span": [0, 1], "seqStart": 0, "parents": [], "ops": [[0, 0, "a"]]}]} | txns[0] has no agent, a name
          {"txns": [{"span": [0, 1], "agent": "a", "parents": [], "ops": [[0, 0, "a"]]}]} | txns[0] has no seqStart
          {"txns": [{"span": [0, 1], "agent": "a", "seqStart": 0, "ops": [[0, 0, "a"]]}]} | txns[0] has no parents
          {"txns": [{"span": [0, 1], "agent": "a", "seqStart": 0, "parents": [0], "ops": [[0, 0, "a"]]}]} | txns[0] has parent 0, which does not stand before event 0
          {"txns": [{"span": [0, 1], "agent": "a", "seqStart": 0, "parents": [], "ops": [[0, 0, "a"]]}, {"span": [1, 2], "agent": "a", "seqStart": 0, "parents": [], "ops": [[0, 0, "a"]]}]} | txns[1] has the agent and sequence number of txns[0]
          """)
  void shouldSayWhatIsWrongAndWhere(String json, String sentence) throws IOException {
    Path file = write(json);

    assertThatThrownBy(() -> TraceReader.read(file))
        .isInstanceOf(TraceFormatException.class)
        .hasMessage("trace.json: " + sentence);
  }

  @Test
  void shouldNameMissingFileAndDirectory() {
    assertThatThrownBy(() -> TraceReader.read(folder.resolve("none.json")))
        .hasMessage(folder.resolve("none.json") + ": no such file");
    assertThatThrownBy(() -> TraceReader.read(folder))
        .hasMessage(folder + ": is a directory, not a trace");
  }

  @Test
  void shouldSayThatGzipDataIsCutOffOrDamaged() throws IOException {
    byte[] whole = gzip("{\"txns\": [" + "{\"patches\": [[0, 0, \"abc\"]]},".repeat(50) + "{}]}");
    Path cutOff = folder.resolve("cut.gz");
    Files.write(cutOff, Arrays.copyOf(whole, whole.length / 2));
    whole[whole.length - 6] ^= 1;
    Path damaged = folder.resolve("damaged.gz");
    Files.write(damaged, whole);

    assertThatThrownBy(() -> TraceReader.read(cutOff))
        .hasMessage("cut.gz: cut off: the gzip data ends too early");
    assertThatThrownBy(() -> TraceReader.read(damaged))
        .hasMessageStartingWith("damaged.gz: damaged gzip data: ");
  }

  private static List<String> patches(Trace trace, int transaction) {
    return IntStream.range(trace.firstPatch(transaction), trace.firstPatch(transaction + 1))
        .mapToObj(
            patch ->
                trace.patches().position(patch)
                    + "-"
                    + trace.patches().deleted(patch)
                    + "+"
                    + trace.patches().inserted(patch))
        .toList();
  }

  private Trace read(String json) throws IOException {
    return TraceReader.read(write(json));
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("trace.json"), json);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
