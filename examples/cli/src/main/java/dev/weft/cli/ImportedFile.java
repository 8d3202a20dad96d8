package dev.weft.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import dev.weft.cli.trace.DivergedException;
import dev.weft.cli.trace.Recording;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.cli.trace.TraceReader;
import dev.weft.cli.trace.WriterIds;
import dev.weft.client.SharedText;
import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a file holds that a document is to be made of. Immutable. */
final class ImportedFile {
  private static final int MAGIC_0 = 0x57;
  private static final int MAGIC_1 = 0xef;
  private static final int GZIP_0 = 0x1f;
  private static final int GZIP_1 = 0x8b;
  private static final int BYTES_TO_TELL = 256;
  private static final Pattern TRACE_START =
      Pattern.compile(
          "\\{\\s*\"(txns|startContent|endContent|numAgents)\"|\\{\\s*\"kind\"\\s*:\\s*\"concurrent\"");

  /** For a document that nobody writes: replicas that were recorded have others. */
  private static final ReplicaId NOBODY = new ReplicaId(-1);

  private final String text;
  private final byte @Nullable [] history;
  private final VersionVector version;
  private final String description;

  private ImportedFile(
      String text, byte @Nullable [] history, VersionVector version, String description) {
    this.text = text;
    this.history = history;
    this.version = version;
    this.description = description;
  }

  /**
   * Reads a file.
   *
   * @throws CommandFailure if it cannot be read, or is damaged, or is no text
   */
  static ImportedFile read(Path file) throws CommandFailure {
    byte[] bytes = bytesOf(file);
    if (bytes.length == 0) {
      throw new CommandFailure(file + ": is empty, there is nothing to import");
    }
    if (startsWith(bytes, MAGIC_0, MAGIC_1)) {
      return ofHistory(file, bytes);
    }
    if (startsWith(bytes, GZIP_0, GZIP_1)) {
      return ofGzip(file, bytes);
    }
    if (isTrace(bytes)) {
      return ofTrace(file, bytes);
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String description = text.codePointCount(0, text.length()) + " characters of text";
      return new ImportedFile(text, null, VersionVector.EMPTY, description);
    } catch (CharacterCodingException e) {
      throw new CommandFailure(
          file
              + ": is neither a document of weft nor a trace nor text in UTF-8; convert other text first",
          e);
    }
  }

  private static byte[] bytesOf(Path file) throws CommandFailure {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new CommandFailure(file + ": may not be read", e);
    } catch (IOException e) {
      throw new CommandFailure(file + ": cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new CommandFailure(file + ": is too large for this command's memory", e);
    }
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
  }

  /** Returns whether the file is JSON that says it has transactions. */
  private static boolean isTrace(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && Character.isWhitespace(bytes[at])) {
      at++;
    }
    return at < bytes.length
        && bytes[at] == '{'
        && (TraceReader.hasTransactions(bytes) || beginsAsTrace(bytes, at));
  }

  /**
   * Returns whether a JSON object begins with what traces do, so that it is one, if a broken one.
   */
  private static boolean beginsAsTrace(byte[] bytes, int at) {
    String start = new String(bytes, at, Math.min(BYTES_TO_TELL, bytes.length - at), UTF_8);
    return TRACE_START.matcher(start).lookingAt();
  }

  private static ImportedFile ofHistory(Path file, byte[] bytes) throws CommandFailure {
    TextDocument document = TextDocument.create(NOBODY);
    try {
      ApplyResult result = document.apply(bytes);
      if (!result.isComplete()) {
        throw new CommandFailure(
            file + ": holds only later changes of a document, earlier ones are missing");
      }
    } catch (MalformedUpdateException e) {
      throw new CommandFailure(file + ": " + e.getMessage(), e);
    }
    VersionVector version = document.version();
    String description =
        document.text().codePointCount(0, document.length())
            + " characters with the history of "
            + writers(version);
    return new ImportedFile("", bytes, version, description);
  }

  private static ImportedFile ofGzip(Path file, byte[] bytes) throws CommandFailure {
    try {
      return ofTrace(file, bytes);
    } catch (CommandFailure e) {
      throw new CommandFailure(
          file
              + ": is gzipped and holds no trace, unpack it first if it is anything else ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private static ImportedFile ofTrace(Path file, byte[] bytes) throws CommandFailure {
    try {
      Trace trace = TraceReader.read(file);
      // The same file is the same history, wherever it is imported; another one is another.
      WriterIds ids = WriterIds.of(Hashing.sha256().hashBytes(bytes).asLong());
      byte[] history = Recording.of(Script.of(trace), ids).history();
      TextDocument document = TextDocument.create(NOBODY);
      ApplyResult unused = document.apply(history);
      if (trace.endContent().isPresent() && !trace.endContent().get().equals(document.text())) {
        throw new CommandFailure(file + ": its endContent is not what its edits end with");
      }
      VersionVector version = document.version();
      String description =
          document.text().codePointCount(0, document.length())
              + " characters, a trace of "
              + trace.transactionCount()
              + (trace.transactionCount() == 1 ? " transaction" : " transactions");
      return new ImportedFile("", history, version, description);
    } catch (TraceFormatException | DivergedException | MalformedUpdateException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static String writers(VersionVector version) {
    int count = version.replicas().size();
    return count + (count == 1 ? " writer" : " writers");
  }

  /** Returns which events the file brings, none if it is mere text. */
  VersionVector version() {
    return version;
  }

  /** Returns what it is, for a person. */
  String description() {
    return description;
  }

  /** Brings it into a text, which must have room for it. */
  void into(SharedText target) throws MalformedUpdateException {
    if (history == null) {
      target.insert(0, text);
    } else {
      ApplyResult result = target.apply(history);
      if (!result.isComplete()) {
        throw new AssertionError("a whole history was not taken in: " + result);
      }
    }
  }
}
