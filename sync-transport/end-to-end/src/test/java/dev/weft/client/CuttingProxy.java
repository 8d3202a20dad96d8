package dev.weft.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Stands between clients and a relay on real sockets, and by a seed delays what it passes on and
 * cuts connections, in the middle of a message as well. Thread-safe.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 512;

  private final ServerSocket server;
  private final long seed;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int relayPort;
  private volatile int meanBytesToCut;
  private volatile long maxDelayNanos;
  private volatile boolean refusesWebSockets;

  /** Starts a proxy that passes everything on. */
  CuttingProxy(int relayPort, long seed) {
    this.relayPort = relayPort;
    this.seed = seed;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::acceptAll);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort());
  }

  void relayPort(int port) {
    relayPort = port;
  }

  /** Cuts each connection after about so many bytes, 0: never; delays each chunk up to so long. */
  void disturb(int meanBytes, long maxDelayMicros) {
    meanBytesToCut = meanBytes;
    maxDelayNanos = TimeUnit.MICROSECONDS.toNanos(maxDelayMicros);
  }

  /** Lets no WebSocket come about from now on, but passes other requests on, as many proxies do. */
  void refuseWebSockets(boolean refuse) {
    refusesWebSockets = refuse;
  }

  private boolean refuses(byte[] chunk, int length, Socket client) throws IOException {
    if (!refusesWebSockets
        || !new String(chunk, 0, length, ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .contains("upgrade: websocket")) {
      return false;
    }
    client
        .getOutputStream()
        .write(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .getBytes(ISO_8859_1));
    return true;
  }

  /** Cuts all connections now. */
  void cut() {
    open.forEach(CuttingProxy::closeQuietly);
  }

  int cuts() {
    return cuts.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        int number = connections.incrementAndGet();
        start("connect", () -> connect(client, number));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client, int number) {
    try {
      Socket relay = new Socket(InetAddress.getLoopbackAddress(), relayPort);
      open.add(relay);
      client.setTcpNoDelay(true);
      relay.setTcpNoDelay(true);
      start("up", () -> pump(client, relay, new SplittableRandom(seed * 1_000 + number * 2L)));
      pump(relay, client, new SplittableRandom(seed * 1_000 + number * 2L + 1));
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private void pump(Socket from, Socket to, RandomGenerator random) {
    byte[] chunk = new byte[CHUNK_BYTES];
    int mean = meanBytesToCut;
    long left = mean == 0 ? Long.MAX_VALUE : random.nextLong(2L * mean) + 1;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (refuses(chunk, read, from)) {
          break;
        }
        if (maxDelayNanos > 0) {
          LockSupport.parkNanos(random.nextLong(maxDelayNanos) + 1);
        }
        out.write(chunk, 0, (int) Math.min(read, left));
        left -= read;
        if (left <= 0) {
          cuts.incrementAndGet();
          break;
        }
      }
    } catch (IOException e) {
      // Either end is gone: so is the other, below.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
