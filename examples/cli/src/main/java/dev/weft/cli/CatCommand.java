package dev.weft.cli;

import dev.weft.store.DocumentId;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft cat}: prints a document's text, and nothing else. */
@Command(
    name = "cat",
    description = "Prints a document's text, exactly, with what the relay has where it answers.",
    mixinStandardHelpOptions = true)
final class CatCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private WorkspaceOptions options;

  @Parameters(
      paramLabel = "DOC",
      converter = DocumentName.class,
      description = "The document's id.")
  private DocumentId document;

  @Option(names = "--at", paramLabel = "VECTOR", description = "Not there yet.", hidden = true)
  private @Nullable String version;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    if (version != null) {
      err.println("weft: cat --at is not there yet");
      return CommandLine.ExitCode.USAGE;
    }
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
      PrintWriter out = spec.commandLine().getOut();
      out.print(workspace.text().text());
      out.flush();
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
