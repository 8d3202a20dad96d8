package dev.weft.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between some clients and their relay, on real sockets: what it does to all that
 * passes is set from outside, at any moment. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 512;
  private static final int SLOW_CHUNK_BYTES = 128;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ServerSocket server;
  private final int relayPort;
  private final long seed;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;
  private volatile int bytesPerSecond = 2_000;
  private volatile long delayNanos = TimeUnit.MILLISECONDS.toNanos(40);
  private volatile long latencyNanos;
  private volatile boolean doubling;

  /** Starts a proxy that passes everything on. */
  public FaultyProxy(int relayPort, long seed) {
    this.relayPort = relayPort;
    this.seed = seed;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::acceptAll);
  }

  /** What happens to what passes. */
  public enum Fault {
    NONE,
    /** Each piece takes a random time. */
    DELAY,
    /** 2 kB a second in each direction, unless set otherwise. */
    THROTTLE,
    /** Nothing passes and nobody is told: both ends believe in their connections. */
    BLACKHOLE,
    /** New connections are closed at once. */
    REFUSE
  }

  /** Returns where clients connect. */
  public URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort());
  }

  /** Does this to all that passes from now on. */
  public void inflict(Fault newFault) {
    fault = newFault;
  }

  /** Sets the longest delay of a piece while {@link Fault#DELAY}, half of it the mean. */
  public void delay(long nanos) {
    delayNanos = nanos;
  }

  /**
   * Has all that new connections pass on arrive so much later in each direction, and the
   * connections themselves come about a round trip later. Whatever else is inflicted comes on top,
   * and first. Takes no bandwidth: a piece does not wait for those before it.
   */
  public void latency(long nanos) {
    latencyNanos = nanos;
  }

  /** Returns how many connections were made so far. */
  public int connections() {
    return connections.get();
  }

  /** Sets how much passes in each direction of a connection while {@link Fault#THROTTLE}. */
  void throttle(int newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  Fault fault() {
    return fault;
  }

  /** Has the relay hear all that new connections say twice, on two connections. */
  void doubling(boolean doubles) {
    doubling = doubles;
  }

  /** Cuts all connections, in the middle of a message as well. */
  public void cut() {
    open.forEach(FaultyProxy::closeQuietly);
  }

  @Override
  public void close() {
    closeQuietly(server);
    cut();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        int number = connections.incrementAndGet();
        if (fault == Fault.REFUSE) {
          closeQuietly(client);
        } else {
          open.add(client);
          start("connect", () -> connect(client, number));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client, int number) {
    try {
      long latency = latencyNanos;
      LockSupport.parkNanos(2 * latency);
      client.setTcpNoDelay(true);
      Socket relay = dial();
      Socket shadow = doubling ? dial() : null;
      if (shadow != null) {
        start("shadow", () -> swallow(shadow));
      }
      RandomGenerator upwards = new SplittableRandom(seed + number * 2L);
      start("up", () -> pump(client, relay, latency, shadow, upwards));
      pump(relay, client, latency, null, new SplittableRandom(seed + number * 2L + 1));
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private static OutputStream late(Socket to, long nanos) throws IOException {
    return nanos == 0 ? to.getOutputStream() : LateOutput.to(to.getOutputStream(), nanos);
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relayPort);
    socket.setTcpNoDelay(true);
    open.add(socket);
    return socket;
  }

  private void swallow(Socket from) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      while (in.read(chunk) >= 0) {
        // What is said to one who does not exist.
      }
    } catch (IOException e) {
      // It is gone.
    } finally {
      closeQuietly(from);
      open.remove(from);
    }
  }

  private void pump(
      Socket from, Socket to, long latency, @Nullable Socket shadow, RandomGenerator random) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (OutputStream out = late(to, latency)) {
      InputStream in = from.getInputStream();
      int read = in.read(chunk, 0, SLOW_CHUNK_BYTES);
      while (read >= 0) {
        suffer(read, from, random);
        out.write(chunk, 0, read);
        if (shadow != null && !shadow.isClosed()) {
          shadow.getOutputStream().write(chunk, 0, read);
        }
        read = in.read(chunk, 0, fault == Fault.THROTTLE ? SLOW_CHUNK_BYTES : CHUNK_BYTES);
      }
    } catch (IOException e) {
      // Either end is gone: so is the other, below.
    } finally {
      for (Socket each : shadow == null ? Set.of(from, to) : Set.of(from, to, shadow)) {
        closeQuietly(each);
        open.remove(each);
      }
    }
  }

  private void suffer(int bytes, Socket from, RandomGenerator random) {
    if (fault == Fault.DELAY) {
      LockSupport.parkNanos(random.nextLong(delayNanos) + 1);
    } else if (fault == Fault.THROTTLE) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) * bytes / bytesPerSecond);
    }
    // What was on its way when the hole opened is in it, and comes out of it if it closes.
    while (fault == Fault.BLACKHOLE && !from.isClosed()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "faulty-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is closed.
    }
  }
}
