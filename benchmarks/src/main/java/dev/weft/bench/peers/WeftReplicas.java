package dev.weft.bench.peers;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.Optional;

/** This library. */
final class WeftReplicas implements Replicated<TextDocument> {
  private static final ReplicaId READER = new ReplicaId(-1);

  private final Script script;

  WeftReplicas(Script script) {
    this.script = script;
  }

  @Override
  public TextDocument empty() {
    return TextDocument.create(READER);
  }

  @Override
  public TextDocument reader() {
    return script.newReader();
  }

  @Override
  public TextDocument create(int writer) {
    return script.newDocument(writer);
  }

  @Override
  public TextDocument fork(TextDocument document, int writer, boolean last) {
    return document.fork(Script.replicaId(writer));
  }

  @Override
  public void type(TextDocument document, int transaction) {
    script.type(transaction, document);
  }

  @Override
  public void settle(TextDocument document) {
    Script.settle(document);
  }

  @Override
  public byte[] typeAndEncode(TextDocument document, int transaction) {
    long before = document.nextSequence();
    type(document, transaction);
    return document.ownChangesSince(before);
  }

  @Override
  public void insert(TextDocument document, int indexUtf16, int codePoint, String inserted) {
    document.insert(indexUtf16, inserted);
  }

  @Override
  public void apply(TextDocument document, byte[] update) throws MalformedUpdateException {
    ApplyResult result = document.apply(update);
    if (!result.isComplete()) {
      throw new AssertionError("an update with all its predecessors was not taken in: " + result);
    }
  }

  @Override
  public byte[] history(TextDocument document) {
    return document.changesSince(VersionVector.EMPTY);
  }

  @Override
  public byte[] snapshot(TextDocument document) {
    return document.snapshot();
  }

  @Override
  public TextDocument load(byte[] snapshot) throws MalformedUpdateException {
    return TextDocument.load(READER, snapshot);
  }

  @Override
  public String text(TextDocument document) {
    return document.text();
  }

  @Override
  public Optional<TextReader> textReader() {
    return Optional.of(TextDocument::readText);
  }

  @Override
  public String sizeNote() {
    return "deleted text is in it";
  }
}
