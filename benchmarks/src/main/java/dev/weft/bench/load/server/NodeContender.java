package dev.weft.bench.load.server;

import dev.weft.bench.ChildProcess;
import dev.weft.bench.load.dialect.Dialect;
import dev.weft.bench.load.dialect.YDialect;
import dev.weft.bench.peers.NodePeers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A server for Yjs, which keeps everything in memory. */
public final class NodeContender implements Contender {
  private final YDialect dialect;
  private final ChildProcess process;
  private final URI uri;

  private NodeContender(YDialect dialect, ChildProcess process, int port) {
    this.dialect = dialect;
    this.process = process;
    this.uri = URI.create("ws://127.0.0.1:" + port);
  }

  /** Starts it. */
  public static NodeContender start(NodePeers node, YDialect dialect, Cores cores)
      throws IOException {
    List<String> command = new ArrayList<>(cores.ofServer());
    command.addAll(node.command("wire-server.mjs", List.of(dialect.script())));
    ChildProcess process = ChildProcess.start(dialect.title(), command);
    try {
      return new NodeContender(dialect, process, Integer.parseInt(process.readLine()));
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public String title() {
    return dialect.title();
  }

  @Override
  public Dialect dialect() {
    return dialect;
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public ServerFigures figures() {
    return new ServerFigures() {
      @Override
      public Optional<Duration> processorTime() {
        return process.processorTime();
      }

      @Override
      public OptionalLong residentBytes() throws IOException {
        return process.residentBytes();
      }

      @Override
      public OptionalLong liveBytes() throws IOException {
        process.writeLine("live");
        return OptionalLong.of(Long.parseLong(process.readLine()));
      }
    };
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.close();
  }
}
