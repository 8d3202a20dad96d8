package dev.weft.cli;

import dev.weft.client.SharedText;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft import}: reads a document from a file in a public format. */
@Command(
    name = "import",
    description = {
      "Reads a file into a document: what `weft export` wrote, a trace, or any text.",
      "A trace is JSON, plain or gzipped, and any other text UTF-8: which of them it is, is seen from"
          + " its contents. Of an event graph, such as `weft export --format trace` writes, every"
          + " transaction becomes a writer of its own; the weft format keeps who wrote what.",
      "The document must be empty; only the history of the same document is merged with it."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DocumentAddress address;

  @Parameters(index = "1", paramLabel = "FILE", description = "The file to read.")
  private Path file;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    ImportedFile imported = ImportedFile.read(file);
    try (Workspace workspace = address.open()) {
      Optional<String> unreached = workspace.catchUp(Workspace.CONNECT_PATIENCE);
      SharedText text = workspace.text();
      VersionVector before = text.version();
      requireFits(imported, before);
      take(imported, text);
      boolean isNew = !text.version().equals(before);
      List<DocumentId> left =
          unreached.isPresent() ? List.of(address.document()) : workspace.deliver();
      workspace.requireNotRefused();
      if (isNew) {
        say("imported " + imported.description() + " into " + address.document());
      } else {
        say(address.document() + " had all of " + file + " already");
      }
      if (unreached.isPresent() && before.isEmpty()) {
        say(
            "if the relay has a text of that name, this one will stand beside it: it cannot be asked");
      }
      if (left.contains(address.document())) {
        String reason = unreached.orElseGet(() -> text.status().describe());
        say("queued on this device, nothing is lost: " + reason);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void requireFits(ImportedFile imported, VersionVector version) throws CommandFailure {
    boolean isSame = !Collections.disjoint(imported.version().replicas(), version.replicas());
    if (!version.isEmpty() && !isSame) {
      throw new CommandFailure(
          "nothing was imported: "
              + address.document()
              + " is not empty, and "
              + file
              + " does not hold its history; import it into a new document");
    }
  }

  private void take(ImportedFile imported, SharedText text) throws CommandFailure {
    try {
      imported.into(text);
    } catch (MalformedUpdateException | IllegalArgumentException e) {
      throw new CommandFailure("nothing was imported: " + e.getMessage(), e);
    }
  }

  private void say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }
}
