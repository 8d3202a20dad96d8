package dev.weft.desktop.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.background.BackgroundThread;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replacing all while somebody writes between the search and the edit. */
class ReplaceAllTest {
  private static final Query WEFT = new Query("weft", true, false, false);

  @TempDir Path directory;

  private final JTextArea area = EventThread.call(JTextArea::new);
  private final BackgroundThread background = new BackgroundThread("replace all test");
  private final AtomicInteger attempts = new AtomicInteger();
  private SqliteChangeStore store;
  private WeftClient client;
  private SharedText text;

  @BeforeEach
  void open() {
    store = SqliteChangeStore.open(directory, new SplittableRandom(1));
    client = WeftClient.builder().store(store).build();
    text = client.open(new DocumentId("minutes"));
    text.insert(0, "weft and weft");
  }

  @AfterEach
  void close() {
    background.close();
    client.close();
    store.close();
  }

  /** Replaces, while another writes before the first so many edits are made. */
  private String replaceWhileWritten(int times) {
    ReplaceAll replaceAll =
        new ReplaceAll(area, text, background, Duration.ofSeconds(30), () -> {});
    CompletableFuture<String> told = new CompletableFuture<>();
    EventThread.run(
        () ->
            replaceAll.start(
                WEFT,
                "warp",
                () -> {
                  if (attempts.getAndIncrement() < times) {
                    text.insert(0, "weft, ");
                  }
                },
                (words, problem) -> told.complete(words)));
    return told.join();
  }

  @Test
  void shouldWorkOutAnewWhenTextHasMovedOn() {
    assertThat(replaceWhileWritten(2)).isEqualTo("4 replaced");
    assertThat(text.text()).isEqualTo("warp, warp, warp and warp");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void shouldReplaceNothingWhenOthersWriteTooQuickly() {
    assertThat(replaceWhileWritten(Integer.MAX_VALUE))
        .isEqualTo("Nothing was replaced: others write too quickly. Try again");
    assertThat(text.text()).doesNotContain("warp");
  }

  @Test
  void shouldReplaceNothingWhileNoEditsAreTaken() {
    EventThread.run(() -> area.setEditable(false));
    assertThat(replaceWhileWritten(0))
        .isEqualTo("Nothing was replaced: the text takes no edits now");
    assertThat(text.text()).isEqualTo("weft and weft");
  }
}
