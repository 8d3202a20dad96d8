package dev.weft.cli;

import dev.weft.client.TokenSource;
import dev.weft.store.DocumentId;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which document a command is about, and where it finds it. */
final class DocumentAddress {
  @Mixin private WorkspaceOptions options;

  @Parameters(
      index = "0",
      paramLabel = "DOC",
      converter = DocumentName.class,
      description = "The document's id.")
  private DocumentId document;

  DocumentId document() {
    return document;
  }

  URI relay() {
    return options.relay();
  }

  /** Returns where the token for the relay comes from; null if there is none. */
  @Nullable TokenSource token() {
    return options.token();
  }

  /**
   * Returns the store's directory, which exists.
   *
   * @throws CommandFailure if it cannot be created
   */
  Path store() throws CommandFailure {
    return options.store();
  }

  /**
   * Opens the document in the store, and begins to connect to the relay.
   *
   * @throws CommandFailure if the store's directory cannot be created
   */
  Workspace open() throws CommandFailure {
    return Workspace.open(options, document);
  }
}
