package dev.weft.bench.load.server;

import dev.weft.bench.RelayProcess;
import dev.weft.bench.ScratchDirectory;
import dev.weft.bench.load.dialect.Dialect;
import dev.weft.bench.load.dialect.WeftDialect;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A relay with its store on disk, in a directory that is deleted with it. */
public final class WeftContender implements Contender {
  private static final int LEAST_MOST = 10_000;

  private final ScratchDirectory directory;
  private final RelayProcess relay;

  private WeftContender(ScratchDirectory directory, RelayProcess relay) {
    this.directory = directory;
    this.relay = relay;
  }

  /**
   * Starts it, with what Java has for a server unless the environment says otherwise.
   *
   * @param disk where its store is
   * @param connections how many it must take
   */
  public static WeftContender start(Cores cores, Path disk, int connections) throws IOException {
    ScratchDirectory directory = new ScratchDirectory(disk);
    try {
      int most = Math.max(LEAST_MOST, connections);
      return new WeftContender(
          directory, RelayProcess.start(directory.path(), cores.ofServer(), List.of(), most));
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public String title() {
    return "Weft";
  }

  @Override
  public Dialect dialect() {
    return new WeftDialect("");
  }

  @Override
  public URI uri() {
    return relay.uri();
  }

  @Override
  public ServerFigures figures() {
    return new ServerFigures() {
      @Override
      public Optional<Duration> processorTime() {
        return relay.processorTime();
      }

      @Override
      public OptionalLong residentBytes() throws IOException {
        return relay.residentBytes();
      }

      @Override
      public OptionalLong liveBytes() throws IOException {
        return OptionalLong.of(relay.liveBytes());
      }
    };
  }

  @Override
  public boolean isAlive() {
    return relay.isAlive();
  }

  @Override
  public void close() throws IOException {
    relay.close();
    directory.close();
  }
}
