package dev.weft.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why a file cannot be used, to a person who does not know Java. Stateless. */
final class FileTrouble {
  private FileTrouble() {}

  /** Returns why {@code file} could not be read or written, as a part of a sentence. */
  static String describe(Path file, IOException failure) {
    Path parent = file.toAbsolutePath().getParent();
    if (failure instanceof NoSuchFileException) {
      return parent == null || Files.isDirectory(parent)
          ? "there is no such file"
          : "there is no directory " + parent;
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied; see who owns it, and its permissions";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "it is there already";
    } else if (failure instanceof NotDirectoryException) {
      return "it is no directory";
    } else if (failure instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    }
    String reason = reason(failure);
    return reason == null ? "the disk failed (" + failure.getClass().getSimpleName() + ")" : reason;
  }

  private static @Nullable String reason(IOException failure) {
    return failure instanceof FileSystemException ofSystem
        ? ofSystem.getReason()
        : failure.getMessage();
  }
}
