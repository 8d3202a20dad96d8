package dev.weft.cli;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft log}: what the store holds of a document, change by change. */
@Command(
    name = "log",
    description = {
      "Shows what this device's store holds of a document.",
      "In the order in which it came: who made which changes (their replica id and sequence"
          + " numbers), of how many bytes, and whether they are this device's and the relay is known"
          + " to hold them."
    },
    mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOption store;

  @Parameters(
      paramLabel = "DOC",
      converter = DocumentName.class,
      description = "The document's id.")
  private DocumentId document;

  @Override
  public Integer call() throws CommandFailure {
    try (WorkspaceStore open = store.openExisting()) {
      VersionVector version = open.version(document);
      if (version.isEmpty()) {
        throw new CommandFailure("the store holds nothing of document " + document);
      }
      show(open, version);
    }
    return CommandLine.ExitCode.OK;
  }

  private void show(WorkspaceStore open, VersionVector version) {
    Set<ReplicaId> own = new HashSet<>(open.ownReplicas(document));
    VersionVector durable = open.relayDurable(document);
    List<Change> changes = Change.join(open.readSince(document, VersionVector.EMPTY));
    PrintWriter out = spec.commandLine().getOut();
    for (Change change : changes) {
      out.printf(
          Locale.ROOT,
          "%s %d..%d  %d bytes  %s%s%n",
          change.replica(),
          change.start(),
          change.end(),
          change.sizeInBytes(),
          own.contains(change.replica()) ? "of this device" : "of another",
          change.isKnown(durable) ? ", at the relay" : "");
    }
    out.println("version " + version);
    out.flush();
  }
}
