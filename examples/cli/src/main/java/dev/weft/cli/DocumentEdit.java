package dev.weft.cli;

import dev.weft.client.OutboxFullException;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.store.DocumentId;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the commands that edit a document share: the edit is made on the text as the relay has it,
 * or else as this device has it, and is never lost; it is said where it is.
 */
final class DocumentEdit {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private DocumentAddress address;

  @Option(
      names = "--save",
      description = {
        "Waits until the relay has acknowledged that the document is safe, and prints the receipt.",
        "Exits 1 if it does not; the edit and the save are then queued on this device."
      })
  private boolean save;

  /** Makes the edit and returns the exit status. */
  int make(Consumer<SharedText> edit) throws CommandFailure, InterruptedException {
    try (Workspace workspace = address.open()) {
      Optional<String> unreached = catchUp(workspace);
      SharedText text = workspace.text();
      try {
        edit.accept(text);
      } catch (IndexOutOfBoundsException | IllegalArgumentException | OutboxFullException e) {
        throw new CommandFailure("nothing was changed: " + e.getMessage(), e);
      }
      if (save) {
        save(workspace, unreached);
      } else if (unreached.isEmpty()) {
        deliver(workspace);
      } else {
        requireKept(text);
        say("queued on this device, nothing is lost: " + unreached.get());
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private Optional<String> catchUp(Workspace workspace)
      throws CommandFailure, InterruptedException {
    try {
      return workspace.catchUp(save ? Workspace.SAVE_PATIENCE : Workspace.CONNECT_PATIENCE);
    } catch (CommandFailure e) {
      throw new CommandFailure("nothing was changed: " + e.getMessage(), e);
    }
  }

  private void save(Workspace workspace, Optional<String> unreached)
      throws CommandFailure, InterruptedException {
    CompletableFuture<SaveReceipt> saved = workspace.text().save();
    if (unreached.isPresent()) {
      throw queued(workspace.text(), unreached.get());
    }
    try {
      SaveReceipt receipt = saved.get(Workspace.SAVE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      say(describe(address.document(), receipt));
      workspace.deliver();
      // What was asked for earlier has joined the save of this command.
      sayEarlierReceipts(workspace, receipt.saveId());
    } catch (TimeoutException e) {
      throw queued(workspace.text(), unacknowledged(workspace.text().status()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SaveRefusedException refused) {
        throw new CommandFailure(
            "the save was refused, the edit is kept on this device: " + refused.getMessage(), e);
      }
      throw new AssertionError("a save ends with a receipt or a refusal", e);
    }
  }

  /** Says that a save was not acknowledged in time, with what the status has to say of it. */
  static String unacknowledged(SyncStatus status) {
    return "no acknowledgement within "
        + Workspace.SAVE_PATIENCE.toSeconds()
        + " s ("
        + status.describe()
        + ")";
  }

  private void sayEarlierReceipts(Workspace workspace, String saidBefore) {
    workspace
        .earlierReceipts()
        .forEach(
            (document, receipt) -> {
              if (!receipt.saveId().equals(saidBefore)) {
                say(describe(document, receipt) + ", as asked for earlier");
              }
            });
  }

  private static String describe(DocumentId document, SaveReceipt receipt) {
    return "saved "
        + document
        + ": receipt "
        + receipt.saveId()
        + ", "
        + receipt.guarantee()
        + ", version "
        + receipt.version();
  }

  private void deliver(Workspace workspace) throws CommandFailure, InterruptedException {
    List<DocumentId> left = workspace.deliver();
    sayEarlierReceipts(workspace, "");
    workspace.requireNotRefused();
    if (left.contains(address.document())) {
      requireKept(workspace.text());
      say("queued on this device, nothing is lost: " + workspace.text().status().describe());
    }
  }

  /**
   * Requires that the edit is in the store: else the end of this command is the end of it.
   *
   * @throws CommandFailure if it is not
   */
  private static void requireKept(SharedText text) throws CommandFailure, InterruptedException {
    SyncStatus status =
        StatusWait.await(
            text,
            told -> told.unstoredChanges() == 0 || !told.storeProblem().isEmpty(),
            Workspace.CONNECT_PATIENCE);
    if (status.unstoredChanges() > 0) {
      throw new CommandFailure(
          "the edit is lost, for this device could not keep it: "
              + (status.storeProblem().isEmpty()
                  ? "the store does not answer"
                  : status.storeProblem()));
    }
  }

  private static CommandFailure queued(SharedText text, String reason)
      throws CommandFailure, InterruptedException {
    requireKept(text);
    return new CommandFailure(
        "not saved yet: the edit and the save are queued on this device, nothing is lost, and the"
            + " next command that connects delivers them: "
            + reason);
  }

  private void say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }
}
