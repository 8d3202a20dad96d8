package dev.weft.cli;

import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.OutboxSize;
import dev.weft.store.PendingSave;
import dev.weft.store.WorkspaceStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft outbox}: what waits for a relay. */
@Command(
    name = "outbox",
    description = {
      "Shows what of this device waits for a relay.",
      "That is the edits that no relay is known to hold durably yet, and the saves without an answer."
          + " Any command that connects delivers them."
    },
    mixinStandardHelpOptions = true)
final class OutboxCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOption store;

  @Override
  public Integer call() throws CommandFailure {
    PrintWriter out = spec.commandLine().getOut();
    try (WorkspaceStore open = store.openExisting()) {
      boolean empty = true;
      for (DocumentId document : open.documents()) {
        OutboxSize size = open.outboxSize(document);
        List<PendingSave> saves = open.pendingSaves(document);
        if (size.changes() > 0 || !saves.isEmpty()) {
          out.println(describe(document, size, saves, open.deadLetters(document)));
          empty = false;
        }
      }
      if (empty) {
        out.println("nothing waits for a relay");
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static String describe(
      DocumentId document, OutboxSize size, List<PendingSave> saves, List<DeadLetter> letters) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s: %,d %s of %,d bytes wait",
            document,
            size.changes(),
            size.changes() == 1 ? "change" : "changes",
            size.bytes()));
    if (!saves.isEmpty()) {
      line.append(saves.size() == 1 ? ", and save " : ", and saves ");
      line.append(saves.stream().map(PendingSave::saveId).collect(Collectors.joining(", ")));
    }
    List<Long> holding =
        letters.stream().filter(DeadLetter::holdsBack).map(DeadLetter::number).toList();
    if (!holding.isEmpty()) {
      line.append("; held back by dead letter ").append(holding.get(0));
    }
    return line.toString();
  }
}
