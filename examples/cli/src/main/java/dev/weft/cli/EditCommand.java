package dev.weft.cli;

import dev.weft.desktop.DesktopEditor;
import dev.weft.store.StoreLockedException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft edit}: opens a document in a window. */
@Command(
    name = "edit",
    description = "Opens a document in the desktop editor, and returns when its window is closed.",
    mixinStandardHelpOptions = true)
final class EditCommand implements Callable<Integer> {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;

  @Mixin private DocumentAddress address;

  @Override
  public Integer call() throws CommandFailure {
    Optional<String> noWindow = DesktopEditor.whyNoWindow();
    if (noWindow.isPresent()) {
      throw new CommandFailure(noWindow.get());
    }
    try (StopSignal signal = StopSignal.install(CLOSE_WITHIN);
        DesktopEditor editor = open()) {
      signal.whenReceived(editor::close);
      PrintWriter out = spec.commandLine().getOut();
      editor.closed().join().forEach(report -> out.println(report.describe()));
      out.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  private DesktopEditor open() throws CommandFailure {
    try {
      return DesktopEditor.open(
          address.document(), address.relay(), address.token(), address.store());
    } catch (StoreLockedException e) {
      throw new CommandFailure(
          e.getMessage()
              + ", or, if an editor has it, choose File, Open (Ctrl+O) in the window that is open",
          e);
    }
  }
}
