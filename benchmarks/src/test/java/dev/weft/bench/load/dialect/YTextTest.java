package dev.weft.bench.load.dialect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.bench.peers.NodePeers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YTextTest {
  private static final long CLIENT = 1_234_567_890;

  private final YText text = new YText(CLIENT);
  private final StringBuilder expected = new StringBuilder();

  @TempDir private Path folder;

  @Test
  void shouldTellWhatWasTypedOnAsOneItem() {
    replace(0, 0, "a");
    replace(1, 1, "b");
    replace(2, 2, "c");

    ByteBuffer update = ByteBuffer.wrap(text.takeUpdate());
    assertThat(Lib0.readNumber(update)).as("clients").isEqualTo(1);
    assertThat(Lib0.readNumber(update)).as("items").isEqualTo(1);
    assertThat(Lib0.readNumber(update)).isEqualTo(CLIENT);
    assertThat(Lib0.readNumber(update)).as("clock").isZero();
    assertThat(update.get()).as("text without neighbours").isEqualTo((byte) 4);
    assertThat(Lib0.readNumber(update)).as("parent by its name").isEqualTo(1);
    assertThat(Lib0.readText(update)).isEqualTo("text");
    assertThat(Lib0.readText(update)).isEqualTo("abc");
    assertThat(Lib0.readNumber(update)).as("deleted").isZero();
    assertThat(update.hasRemaining()).isFalse();
  }

  @Test
  void shouldCountWhatUpdatesTell() {
    YUpdates updates = new YUpdates();
    Random random = new Random(1);
    long[] events = new long[1];
    for (int message = 0; message < 300; message++) {
      for (int edit = 0; edit <= random.nextInt(4); edit++) {
        editAtRandom(random);
      }
      updates.take(
          ByteBuffer.wrap(text.takeUpdate()),
          (client, count) -> {
            assertThat(client).isEqualTo(CLIENT);
            events[0] = count;
          });
      assertThat(events[0]).isEqualTo(text.events());
    }
    assertThat(text.length()).isEqualTo(expected.length());
  }

  @Test
  void shouldBeReadByYjs() throws IOException {
    Path peers = installedPeers();
    Random random = new Random(2);
    List<String> lines = new ArrayList<>();
    for (int message = 0; message < 500; message++) {
      for (int edit = 0; edit <= random.nextInt(6); edit++) {
        editAtRandom(random);
      }
      lines.add(Base64.getEncoder().encodeToString(text.takeUpdate()));
    }
    Path updates = Files.write(folder.resolve("updates"), lines);

    List<String> said =
        node(
            peers,
            """
            import * as Y from 'yjs';
            import { readFileSync } from 'node:fs';
            const doc = new Y.Doc();
            for (const line of readFileSync(process.argv[1], 'utf8').trim().split('\\n')) {
              Y.applyUpdate(doc, Buffer.from(line, 'base64'));
            }
            console.log(JSON.stringify(doc.getText('text').toString()));
            console.log(Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64'));
            """,
            updates);

    assertThat(said.get(0)).isEqualTo('"' + expected.toString() + '"');
    // Whoever comes later is given the same, put together by Yjs.
    new YUpdates()
        .take(
            ByteBuffer.wrap(Base64.getDecoder().decode(said.get(1))),
            (client, count) -> assertThat(count).isEqualTo(text.events()));
  }

  private void editAtRandom(Random random) {
    int at = random.nextInt(expected.length() + 1);
    int end = Math.min(expected.length(), at + random.nextInt(3));
    String inserted = random.nextBoolean() ? "" : random.nextBoolean() ? "x" : "y\u00e9z";
    replace(at, end, inserted);
    if (random.nextBoolean()) {
      replace(at + inserted.length(), at + inserted.length(), "on");
    }
  }

  private void replace(int start, int end, String inserted) {
    text.replace(start, end, inserted);
    expected.replace(start, end, inserted);
  }

  private static Path installedPeers() throws IOException {
    try {
      NodePeers node = NodePeers.open(List.of("Yjs"));
      return requireNonNull(Path.of(node.command("wire.mjs", List.of()).get(2)).getParent());
    } catch (NodePeers.MissingException e) {
      if (!"true".equals(System.getenv("CI"))) {
        assumeTrue(false, e.sentence());
      }
      throw new AssertionError(e.sentence(), e);
    }
  }

  private static List<String> node(Path folder, String script, Path argument) throws IOException {
    Process process =
        new ProcessBuilder("node", "--input-type=module", "-e", script, "--", argument.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}
