package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingWorkspaceStore;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreException;
import dev.weft.store.WorkspaceStore;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JOptionPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window that is closed while this device's store can no longer be written. */
@RequiresDisplay
class ClosingUnstoredTest {
  @TempDir Path directory;

  private FullDisk store;
  private SharedText text;
  private EditorWindow window;

  @BeforeEach
  void open() {
    store = new FullDisk(SqliteChangeStore.open(directory, new SplittableRandom(1)));
    Workspace workspace = Workspace.open(null, null, directory, true, store);
    text = workspace.open(new DocumentId("minutes"));
    window = Windows.open(workspace, text);
    EventThread.run(() -> window.tab().area().append("stored. "));
    Screen.await("stored", () -> text.status().unstoredChanges() == 0);
  }

  @AfterEach
  void close() {
    EventThread.run(window::closeUnasked);
    window.closed().join();
  }

  /** The store fails for what is written right before, which no status has told of yet. */
  private JDialog closeWithLastWords() {
    store.full = true;
    EventThread.run(
        () -> {
          window.tab().area().append("the last words");
          window.close();
        });
    JDialog asking = Windows.awaitDialog("Close?");
    assertThat(words(asking))
        .contains("14 changes are not stored on this device")
        .contains("If you close now, what the relay does not have either is lost.");
    return asking;
  }

  private static String words(JDialog dialog) {
    return EventThread.call(() -> Screen.find(dialog, JOptionPane.class).getMessage().toString());
  }

  private static void press(JDialog dialog, String button) {
    EventThread.run(() -> Screen.find(dialog, JButton.class, button).doClick());
  }

  @Test
  void shouldAskBeforeItLosesWhatCannotBeStored() {
    press(closeWithLastWords(), ClosingQuestion.KEEP_OPEN);
    Screen.await("editable", () -> window.tab().area().isEditable());
    assertThat(window.closed()).isNotDone();

    store.full = false;
    EventThread.run(() -> window.tab().area().append("."));
    Screen.await("all stored", () -> text.status().unstoredChanges() == 0);
    // Nobody asked for a save: none is said to be refused.
    assertThat(text.status().saves()).isEqualTo(Saves.UNSAVED);
    EventThread.run(window::close);
    assertThat(window.closed().join().get(0).failure()).isNull();
    try (SqliteChangeStore after = SqliteChangeStore.open(directory, new SplittableRandom(2))) {
      assertThat(after.version(text.documentId())).isEqualTo(text.version());
    }
  }

  @Test
  void shouldTellWhoClosesAllTheSameWhatBecameOfIt() {
    press(closeWithLastWords(), ClosingQuestion.CLOSE);
    JDialog told = Windows.awaitDialog("Closed");
    assertThat(words(told)).contains("not all of it is stored").contains("the disk is full");
    assertThat(window.closed()).isNotDone();
    assertThat(window.frame().isDisplayable()).isFalse();

    press(told, "OK");
    assertThat(window.closed().join().get(0).describe())
        .startsWith("minutes: the text is closed but not all of it is stored: ");
  }

  @Test
  void shouldTellWhoClosesTheLastTabWhileTheOtherOneGoes() {
    EventThread.run(() -> window.open(new DocumentId("agenda")));
    Screen.await("two tabs", () -> window.tabs().all().size() == 2);
    store.full = true;
    EventThread.run(
        () -> {
          window.tabs().select(window.tabs().all().get(0));
          window.tab().area().append("the last words");
          window.closeTab();
        });
    JDialog asking = Windows.awaitDialog("Close?");
    EventThread.run(
        () -> {
          window.tabs().select(window.tabs().all().get(1));
          window.closeTab();
        });
    Screen.await("one tab", () -> window.tabs().all().size() == 1);
    press(asking, ClosingQuestion.CLOSE);

    JDialog told = Windows.awaitDialog("Closed");
    assertThat(words(told)).contains("the disk is full");
    press(told, "OK");
    assertThat(window.closed().join()).hasSize(2);
  }

  /** Nobody may be there to read it, and the process is to end. */
  @Test
  void shouldNotWaitForAnybodyWhenNobodyIsAsked() {
    store.full = true;
    EventThread.run(
        () -> {
          window.tab().area().append("the last words");
          window.closeUnasked();
        });
    assertThat(window.closed().join().get(0).failure()).contains("the disk is full");
    assertThat(Windows.dialog()).isEmpty();
  }

  /** A store that takes nothing while it is full. */
  private static final class FullDisk extends ForwardingWorkspaceStore {
    private volatile boolean full;

    FullDisk(WorkspaceStore store) {
      super(store);
    }

    @Override
    public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
      if (full) {
        throw new StoreException("the disk is full");
      }
      return super.append(document, changes, durability);
    }
  }
}
