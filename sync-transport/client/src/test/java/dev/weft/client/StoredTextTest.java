package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done while a text is opened, so that it need not be done while it is edited. */
class StoredTextTest {
  private static final int EDITS = 50_000;
  private static final int ROUNDS = 5;

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(41);

  @Test
  void shouldHaveTheDigestReadyWhenATextIsOpen() throws MalformedUpdateException {
    TextDocument written = TextDocument.create(new ReplicaId(1));
    for (int i = 0; i < EDITS; i++) {
      written.insert(random.nextInt(written.length() + 1), "ab");
    }
    byte[] snapshot = written.snapshot();
    // The quickest of some of each, since this thread may be made to wait.
    long unprepared = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      TextDocument loaded = TextDocument.load(new ReplicaId(2), snapshot);
      unprepared = Math.min(unprepared, nanosOfDigest(loaded));
    }
    Workshop workshop = new Workshop(directory, 41);
    workshop.relay.reachable = false;
    Workshop.Device ann = workshop.device("ann");
    ann.text.apply(snapshot);
    ann.close();
    long prepared = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      Workshop.Device again = workshop.device("ann");
      prepared = Math.min(prepared, again.text.read(StoredTextTest::nanosOfDigest));
      again.close();
    }
    assertThat(prepared).isLessThan(unprepared / 5);
  }

  private static long nanosOfDigest(TextDocument document) {
    long before = System.nanoTime();
    assertThat(document.digest(document.version())).isNotZero();
    return System.nanoTime() - before;
  }
}
