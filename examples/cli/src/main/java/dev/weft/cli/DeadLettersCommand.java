package dev.weft.cli;

import dev.weft.crdt.Change;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft dead-letters}: what a relay refused for good, and what becomes of it. */
@Command(
    name = "dead-letters",
    description = {
      "Shows the edits that a relay refused for good.",
      "They are still in the document here, and hold back what was edited after them until they are"
          + " retried or discarded. Those that the repair of a damaged store left over are in no"
          + " document, and hold nothing back."
    },
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOption store;

  @Override
  public Integer call() throws CommandFailure {
    PrintWriter out = spec.commandLine().getOut();
    try (WorkspaceStore open = store.openExisting()) {
      boolean empty = true;
      for (DocumentId document : open.documents()) {
        for (DeadLetter letter : open.deadLetters(document)) {
          out.println(describe(letter));
          empty = false;
        }
      }
      if (empty) {
        out.println("there are no dead letters");
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static String describe(DeadLetter letter) {
    long events = letter.changes().stream().mapToLong(DeadLettersCommand::events).sum();
    return String.format(
        Locale.ROOT,
        "%d  %s  %s, refused %s (by this machine's clock): %s: %s",
        letter.number(),
        letter.document(),
        changes(events),
        letter.refusedAt(),
        Shown.line(letter.code()),
        Shown.line(letter.reason()));
  }

  private static long events(Change change) {
    return change.end() - change.start();
  }

  private static String changes(long count) {
    return String.format(Locale.ROOT, count == 1 ? "%,d change" : "%,d changes", count);
  }

  @Command(
      name = "export",
      description =
          "Writes the changes of a dead letter to a new file, for `weft import` into its document.",
      mixinStandardHelpOptions = true)
  int export(
      @Parameters(paramLabel = "NUMBER", description = "The letter's number.") long number,
      @Parameters(paramLabel = "FILE", description = "The file, which must not exist.") Path file,
      @Mixin StoreOption from)
      throws CommandFailure {
    try (WorkspaceStore open = from.openExisting()) {
      DeadLetter letter = find(open, number);
      Files.write(file, letter.update(), StandardOpenOption.CREATE_NEW);
      say("wrote dead letter " + number + " of document " + letter.document() + " to " + file);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(file + " exists already; name a new file", e);
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + FileTrouble.describe(file, e), e);
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "retry",
      description =
          "Has a dead letter sent again, by the next command that connects: the reason may be gone.",
      mixinStandardHelpOptions = true)
  int retry(
      @Parameters(paramLabel = "NUMBER", description = "The letter's number.") long number,
      @Mixin StoreOption from)
      throws CommandFailure {
    try (WorkspaceStore open = from.openExisting()) {
      DeadLetter letter = find(open, number);
      if (letter.code().equals(DeadLetter.STORE_DAMAGED)) {
        throw new CommandFailure(
            "dead letter "
                + number
                + " lacks what it builds on; it is taken in by itself when a command gets that from"
                + " the relay: "
                + Shown.line(letter.reason()));
      }
      if (letter.code().equals(DeadLetter.LEFT_OUT)) {
        throw new CommandFailure(
            "dead letter "
                + number
                + " is in no document; export it, and import the file into document "
                + letter.document()
                + " if it is wanted: "
                + Shown.line(letter.reason()));
      }
      open.removeDeadLetter(letter.document(), number);
      say(
          "dead letter "
              + number
              + " is in the outbox again; the next command that connects delivers document "
              + letter.document());
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "discard",
      description = {
        "Gives a dead letter up.",
        "Takes its changes, and all that was edited here on top of them, out of the document. Export"
            + " it first if it may be wanted."
      },
      mixinStandardHelpOptions = true)
  int discard(
      @Parameters(paramLabel = "NUMBER", description = "The letter's number.") long number,
      @Mixin StoreOption from)
      throws CommandFailure {
    try (WorkspaceStore open = from.openExisting()) {
      DeadLetter letter = find(open, number);
      long discarded = open.discardDeadLetter(letter.document(), number);
      say(
          "discarded dead letter "
              + number
              + ": "
              + changes(discarded)
              + " taken out of document "
              + letter.document());
    }
    return CommandLine.ExitCode.OK;
  }

  private static DeadLetter find(WorkspaceStore open, long number) throws CommandFailure {
    for (DocumentId document : open.documents()) {
      for (DeadLetter letter : open.deadLetters(document)) {
        if (letter.number() == number) {
          return letter;
        }
      }
    }
    throw new CommandFailure(
        "there is no dead letter " + number + "; `weft dead-letters` lists them");
  }

  private void say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }
}
