package dev.weft.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads small files that an operator writes, secrets among them. */
final class SettingsFile {
  private static final Logger log = LoggerFactory.getLogger(SettingsFile.class);

  /** Far more than any of them needs: what is longer is another file. */
  static final int MAX_BYTES = 4 << 20;

  private SettingsFile() {}

  /**
   * Reads all of a file.
   *
   * @throws UnusableFileException if it cannot be read, or is too long
   */
  static byte[] bytes(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new UnusableFileException(file, "there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new UnusableFileException(
          file, "this process may not read it; see who owns it, and its permissions", e);
    } catch (IOException e) {
      throw new UnusableFileException(
          file,
          Files.isDirectory(file)
              ? "it is a directory, and no file"
              : "it cannot be read: " + e.getMessage(),
          e);
    }
    if (bytes.length > MAX_BYTES) {
      throw new UnusableFileException(file, "it is longer than " + MAX_BYTES + " bytes");
    }
    return bytes;
  }

  /**
   * Returns the text of a file's bytes.
   *
   * @throws UnusableFileException if it is no UTF-8
   */
  static String text(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(file, "it is no text in UTF-8", e);
    }
  }

  /** Warns of a file that others than its owner may read or write, where the system can tell. */
  static void warnIfExposed(Path file) {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException e) {
      log.debug("who may read {} is not known", file, e);
      return;
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      log.warn(
          "{} can be read or written by other users of this machine; 'chmod 600 {}' keeps it to"
              + " its owner",
          file,
          file);
    }
  }
}
