package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.GoldenFiles.Golden;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads what earlier versions wrote, and holds what this one writes against what it wrote first.
 */
class GoldenFilesTest {
  private static final List<String> NAMES =
      List.of("empty", "typed", "deleted", "concurrent", "planes", "restored", "repeated", "busy");

  static Stream<Arguments> versionsAndNames() {
    return IntStream.rangeClosed(1, BinaryFormat.VERSION)
        .boxed()
        .flatMap(version -> NAMES.stream().map(name -> Arguments.of(version, name)));
  }

  @ParameterizedTest
  @MethodSource("versionsAndNames")
  void shouldReadWhatWasWritten(int version, String name) throws Exception {
    Golden golden = Golden.read(version, name);

    TextDocument loaded = TextDocument.load(new ReplicaId(42), golden.snapshot());
    TextDocument told = TextDocument.create(new ReplicaId(42));
    assertThat(told.apply(golden.update()).isComplete()).isTrue();
    TextDocument shallow = TextDocument.load(new ReplicaId(42), golden.shallow());

    for (TextDocument document : List.of(loaded, told, shallow)) {
      document.checkInvariants();
      assertThat(document.text()).isEqualTo(golden.text());
      assertThat(document.version()).isEqualTo(VersionVector.parse(golden.vector()));
    }
    assertThat(TextDocument.readText(golden.snapshot())).isEqualTo(golden.text());
    assertThat(TextDocument.readText(golden.shallow())).isEqualTo(golden.text());
  }

  /** All but the visible text of a snapshot, for which Deflate may find better bytes one day. */
  @Test
  void shouldStillWriteTheSameBytes() throws Exception {
    Map<String, TextDocument> documents = GoldenFiles.documents();
    assertThat(documents.keySet()).containsExactlyElementsOf(NAMES);
    for (Map.Entry<String, TextDocument> each : documents.entrySet()) {
      Golden golden = Golden.read(BinaryFormat.VERSION, each.getKey());
      Golden written = Golden.of(each.getValue());

      assertThat(written.text()).as(each.getKey()).isEqualTo(golden.text());
      assertThat(written.update()).as(each.getKey()).isEqualTo(golden.update());
      assertThat(written.vector()).as(each.getKey()).isEqualTo(golden.vector());
      assertThat(behindVisibleText(written.snapshot()))
          .as(each.getKey())
          .isEqualTo(behindVisibleText(golden.snapshot()));
      assertThat(behindVisibleText(written.shallow()))
          .as(each.getKey())
          .isEqualTo(behindVisibleText(golden.shallow()));
    }
  }

  private static byte[] behindVisibleText(byte[] snapshot) throws MalformedUpdateException {
    ByteReader in = new ByteReader(snapshot);
    BinaryFormat.open(in, snapshot.length);
    DeflatedText.read(in, Integer.MAX_VALUE);
    return in.readRest();
  }
}
