package dev.weft.cli;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What the commands that show a document share: it is shown as the relay has it, or else as this
 * device has it, and then that is said.
 */
final class DocumentRead {
  /** Shows a document, on standard output. */
  @FunctionalInterface
  interface Show {
    void accept(SharedText text) throws CommandFailure, IOException;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private WorkspaceOptions options;

  @Parameters(
      index = "0",
      paramLabel = "DOC",
      converter = DocumentName.class,
      description = "The document's id.")
  private DocumentId document;

  /** Shows the document and returns the exit status. */
  int show(Show show) throws CommandFailure, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (Workspace workspace = Workspace.open(options, document)) {
      boolean queued = workspace.hasQueued(document);
      Optional<String> unreached = workspace.catchUp(Workspace.CONNECT_PATIENCE);
      if (unreached.isPresent() && workspace.text().version().isEmpty()) {
        throw new CommandFailure(
            "this device has nothing of "
                + document
                + ", and "
                + workspace.relay()
                + " cannot be asked: "
                + unreached.get());
      }
      try {
        show.accept(workspace.text());
      } catch (IOException e) {
        throw new CommandFailure("standard output cannot be written: " + e.getMessage(), e);
      }
      if (unreached.isPresent()) {
        err.println(
            "weft: this is the text on this device, "
                + workspace.relay()
                + " cannot say if there is more: "
                + unreached.get());
      } else if (queued) {
        workspace.deliver();
      }
    }
    return CommandLine.ExitCode.OK;
  }
}
