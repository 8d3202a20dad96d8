package dev.weft.cluster;

import dev.weft.store.ReservedPort;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of the tests' own, without persistence, on a free port of the loopback address. It
 * can be killed and started again.
 */
final class RedisServer implements AutoCloseable {
  private final Path program;
  private final ReservedPort port = ReservedPort.any();
  private final Thread killAtExit = new Thread(this::kill, "kill-redis");
  private @Nullable Process process;

  private RedisServer(Path program) {
    this.program = program;
  }

  static Optional<Path> installation() {
    return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static RedisServer start(Path program) {
    RedisServer server = new RedisServer(program);
    Runtime.getRuntime().addShutdownHook(server.killAtExit);
    server.start();
    return server;
  }

  /** Starts the server again, and returns when it answers. */
  void start() {
    try {
      process =
          new ProcessBuilder(
                  program.toString(),
                  "--bind",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(port.number()),
                  "--save",
                  "",
                  "--appendonly",
                  "no")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Eventually.until("Redis answers", this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until so many connections are subscribed to the one channel of the pattern. */
  void awaitSubscribers(String pattern, int count) {
    try (RedisClient client = RedisClient.create(url())) {
      RedisCommands<String, String> redis = client.connect().sync();
      Eventually.until(
          count + " hear " + pattern,
          () -> {
            List<String> channels = redis.pubsubChannels(pattern);
            return channels.size() == 1
                && redis
                    .pubsubNumsub(channels.get(0))
                    .equals(Map.of(channels.get(0), (long) count));
          });
    }
  }

  void kill() {
    Process running = process;
    if (running != null) {
      try {
        running.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      process = null;
    }
  }

  String url() {
    return "redis://127.0.0.1:" + port.number();
  }

  int port() {
    return port.number();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(killAtExit);
    kill();
    port.close();
  }
}
