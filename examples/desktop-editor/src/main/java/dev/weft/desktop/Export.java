package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.security.SecureRandom;
import java.util.UUID;
import javax.swing.JFileChooser;
import javax.swing.JOptionPane;
import javax.swing.filechooser.FileFilter;
import javax.swing.filechooser.FileNameExtensionFilter;

/**
 * Writes a document into a file that the person chooses: its text or, where the name ends in {@code
 * .weft}, its whole history as {@code weft import} reads it. Confined to the event dispatch thread,
 * which does not wait for the disk.
 */
final class Export {
  private static final String REPLACE = "Replace";

  private Export() {}

  /** Asks where to, and writes; tells in the tab what came of it. */
  static void ask(EditorTab tab, Workspace workspace) {
    JFileChooser chooser = new JFileChooser();
    FileFilter history = new FileNameExtensionFilter("Weft, with its history (*.weft)", "weft");
    // First: a dialog that becomes one for saving says "Save" again.
    chooser.setDialogType(JFileChooser.SAVE_DIALOG);
    chooser.setApproveButtonText("Export");
    chooser.setApproveButtonToolTipText("Export to this file");
    chooser.setDialogTitle("Export " + tab.text().documentId());
    chooser.addChoosableFileFilter(history);
    chooser.setSelectedFile(new File(ExportEnding.suggested(tab.text().documentId().value())));
    ExportEnding.follow(chooser, history);
    if (chooser.showSaveDialog(tab.pane()) == JFileChooser.APPROVE_OPTION) {
      File chosen = chooser.getSelectedFile();
      Path file = (chooser.getFileFilter() == history ? withHistory(chosen) : chosen).toPath();
      EventThreadFutures.then(
          workspace.onDisk(() -> Files.exists(file)),
          (exists, failure) -> {
            if (!Boolean.TRUE.equals(exists) || isReplacingMeant(tab, file)) {
              write(tab, workspace, file);
            }
          });
    }
  }

  /** Returns the file under a name by which its history is written too. */
  private static File withHistory(File file) {
    return new File(file.getParentFile(), ExportEnding.withHistory(file.getName()));
  }

  private static boolean isReplacingMeant(EditorTab tab, Path file) {
    Object[] answers = {REPLACE, "Cancel"};
    int answer =
        JOptionPane.showOptionDialog(
            tab.pane(),
            file + " exists. Its contents would be lost.",
            "Replace?",
            JOptionPane.YES_NO_OPTION,
            JOptionPane.WARNING_MESSAGE,
            null,
            answers,
            answers[1]);
    return answer == 0;
  }

  /** Writes a document into a file, in the place of what it contains; tells what came of it. */
  static void write(EditorTab tab, Workspace workspace, Path file) {
    tab.pane().notice().show(StatusSign.UNDER_WAY, "Exporting to " + file + ".");
    EventThreadFutures.then(
        workspace.onDisk(() -> writeUnchecked(tab.text(), file)),
        (written, failure) -> {
          if (failure == null) {
            tab.pane()
                .notice()
                .showBriefly(
                    StatusSign.DEVICE,
                    "Exported to " + file + ", as the text was then. That is no save.");
          } else {
            FailureNotice.tell(tab, "Not exported to " + file + ": " + reason(failure));
          }
        });
  }

  private static Path writeUnchecked(SharedText text, Path file) {
    byte[] bytes =
        ExportEnding.isWithHistory(file.toString())
            ? snapshot(text)
            : text.text().getBytes(StandardCharsets.UTF_8);
    try {
      return write(bytes, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Encoding a long history takes a while, for which a copy of it does not hold the text up. */
  private static byte[] snapshot(SharedText text) {
    ReplicaId nobody = ReplicaId.random(new SecureRandom());
    TextDocument copy = text.read(document -> document.fork(nobody));
    return copy.snapshot();
  }

  /** Whoever may read the file that it replaces, or else any new one, may read it. */
  private static Path write(byte[] bytes, Path file) throws IOException {
    boolean exists = Files.exists(file);
    Path whole = exists ? file.toRealPath() : file.toAbsolutePath();
    Path written = whole.resolveSibling(".weft-export-" + UUID.randomUUID() + ".part");
    try {
      Files.write(written, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      PosixFileAttributeView posix =
          Files.getFileAttributeView(written, PosixFileAttributeView.class);
      if (exists && posix != null) {
        posix.setPermissions(Files.getPosixFilePermissions(whole));
      }
      return Files.move(written, whole, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() instanceof IOException io ? io : failure;
    // The messages of these exceptions are often no more than the file's name.
    return cause.getClass().getSimpleName().replace("Exception", "") + ", " + cause.getMessage();
  }
}
