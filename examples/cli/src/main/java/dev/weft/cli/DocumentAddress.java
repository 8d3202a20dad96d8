package dev.weft.cli;

import dev.weft.store.DocumentId;
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

  /**
   * Opens the document in the store, and begins to connect to the relay.
   *
   * @throws CommandFailure if the store's directory cannot be created
   */
  Workspace open() throws CommandFailure {
    return Workspace.open(options, document);
  }
}
