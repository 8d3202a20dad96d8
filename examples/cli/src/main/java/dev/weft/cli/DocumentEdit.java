package dev.weft.cli;

import dev.weft.client.OutboxFullException;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
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
      throw queued(unreached.get());
    }
    try {
      SaveReceipt receipt = saved.get(Workspace.SAVE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      say(
          "saved "
              + address.document()
              + ": receipt "
              + receipt.saveId()
              + ", "
              + receipt.guarantee()
              + ", version "
              + receipt.version());
    } catch (TimeoutException e) {
      throw queued("no acknowledgement within " + Workspace.SAVE_PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SaveRefusedException refused) {
        throw new CommandFailure(
            "the save was refused, the edit is kept on this device: " + refused.getMessage(), e);
      }
      throw new AssertionError("a save ends with a receipt or a refusal", e);
    }
    workspace.deliver();
  }

  private void deliver(Workspace workspace) throws CommandFailure, InterruptedException {
    List<DocumentId> left = workspace.deliver();
    workspace.requireNotRefused();
    if (left.contains(address.document())) {
      say("queued on this device, nothing is lost: " + workspace.text().status().describe());
    }
  }

  private static CommandFailure queued(String reason) {
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
