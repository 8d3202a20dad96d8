package dev.weft.relay;

import com.nimbusds.jose.JWSHeader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of a file, which is read again when it has changed. */
final class FileKeys implements TokenKeySource {
  private static final Logger log = LoggerFactory.getLogger(FileKeys.class);

  private final Path file;
  private final Reader reader;
  private final boolean secret;
  private final FileWatch watch;

  /** What the file was when it was taken over last. Written by one thread at a time. */
  private byte[] taken;

  private volatile TokenKeys keys;
  private volatile Runnable changed = () -> {};

  private FileKeys(Path file, boolean secret, Reader reader, Duration interval) {
    this.file = file;
    this.secret = secret;
    this.reader = reader;
    this.taken = SettingsFile.bytes(file);
    this.keys = reader.read(file, taken);
    warn();
    this.watch = FileWatch.begin(file.toString(), List.of(file), interval, this::read);
  }

  /** What is made of a file's bytes. */
  interface Reader {
    TokenKeys read(Path file, byte[] bytes);
  }

  static FileKeys ofSecret(Path file, Duration interval) {
    return new FileKeys(file, true, TokenKeys::ofSecret, interval);
  }

  static FileKeys ofPem(Path file, Duration interval) {
    return new FileKeys(file, false, TokenKeys::ofPem, interval);
  }

  static FileKeys ofSet(Path file, Duration interval) {
    return new FileKeys(
        file,
        false,
        (from, bytes) -> {
          try {
            return TokenKeys.ofSet(SettingsFile.text(from, bytes));
          } catch (IllegalArgumentException e) {
            throw new UnusableFileException(from, String.valueOf(e.getMessage()), e);
          }
        },
        interval);
  }

  private void warn() {
    if (secret) {
      SettingsFile.warnIfExposed(file);
    }
  }

  private void read() {
    byte[] bytes = SettingsFile.bytes(file);
    if (Arrays.equals(bytes, taken)) {
      return;
    }
    TokenKeys before = keys;
    TokenKeys now = reader.read(file, bytes);
    taken = bytes;
    keys = now;
    warn();
    log.info("the keys of {} were read again, for {}", file, now.algorithms());
    if (before.hasOthersThan(now)) {
      changed.run();
    }
  }

  @Override
  public CompletionStage<TokenKeys> keysFor(JWSHeader header) {
    return CompletableFuture.completedFuture(keys);
  }

  @Override
  public void whenGone(Runnable task) {
    changed = task;
  }

  @Override
  public void close() {
    watch.close();
  }
}
