package dev.weft.lab;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.relay.RelayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to break the relay: says what makes no sense, in the wrong order, with bytes
 * changed, and takes in nothing, or slowly. What it writes that does make sense it writes under a
 * name of its own. Confined to the simulation's thread.
 */
final class Hostile implements RelayProcess.Line {
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration LIVES_FOR = Duration.ofSeconds(40);

  private final World world;
  private final RelayHost host;
  private final RelayProcess process;
  private final RandomGenerator random;
  private final Iterator<byte[]> frames;
  private final boolean reads;
  private RelayProcess.@Nullable Connection connection;
  private boolean open = true;

  private Hostile(World world, RelayHost host, RandomGenerator random) {
    this.world = world;
    this.host = host;
    this.process = host.process();
    this.random = random;
    this.reads = random.nextBoolean();
    this.frames = frames(random).iterator();
  }

  /** Has one come to a relay. */
  static Hostile visit(World world, RelayHost host, RandomGenerator random) {
    Hostile hostile = new Hostile(world, host, random);
    RelayProcess.Connection connection = host.process().connect(hostile, false);
    hostile.connection = connection;
    connection.start();
    world.time().at(LIVES_FOR.toNanos(), hostile::end);
    return hostile;
  }

  private static List<byte[]> frames(RandomGenerator random) {
    List<byte[]> frames = new ArrayList<>();
    TextDocument text = TextDocument.create(new ReplicaId(random.nextLong()));
    String document = World.DOCUMENTS.get(random.nextInt(World.DOCUMENTS.size())).value();
    if (random.nextInt(4) > 0) {
      frames.add(
          Frames.encode(new ClientMessage.Hello("hostile", "", Capabilities.NONE, "nobody")));
    }
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      frames.add(damaged(Frames.encode(message(random, text, document)), random));
    }
    return frames;
  }

  private static ClientMessage message(RandomGenerator random, TextDocument text, String document) {
    int channel = 1 + random.nextInt(3);
    VersionVector vector =
        VersionVector.of(new ReplicaId(random.nextLong()), 1 + random.nextInt(1_000_000));
    return switch (random.nextInt(6)) {
      case 0 ->
          new ClientMessage.Open(channel, document, random.nextBoolean() ? vector : text.version());
      case 1 -> new ClientMessage.Save(channel, "s" + random.nextInt(5), vector, Guarantee.FSYNCED);
      case 2 -> new ClientMessage.Ping(random.nextLong(1_000_000), channel, vector);
      case 3 -> new ClientMessage.Close(channel);
      case 4 -> new ClientMessage.Renew("nobody");
      default -> {
        VersionVector before = text.version();
        text.insert(random.nextInt(text.length() + 1), "hostile ".repeat(1 + random.nextInt(200)));
        yield new ClientMessage.Edits(channel, Payload.of(text.changesSince(before)), null);
      }
    };
  }

  private static byte[] damaged(byte[] frame, RandomGenerator random) {
    byte[] bytes = frame.clone();
    switch (random.nextInt(6)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        byte[] shorter = new byte[random.nextInt(bytes.length)];
        System.arraycopy(bytes, 0, shorter, 0, shorter.length);
        return shorter;
      }
      case 2 -> random.nextBytes(bytes);
      default -> {}
    }
    return bytes;
  }

  @Override
  public void send(byte[] frame) {
    if (reads) {
      world.time().at(random.nextLong(PAUSE_NANOS), () -> toRelay(RelayProcess.Connection::sent));
    }
  }

  @Override
  public void demand() {
    world
        .time()
        .at(
            random.nextLong(PAUSE_NANOS),
            () -> {
              if (frames.hasNext()) {
                toRelay(relay -> relay.received(frames.next()));
              }
            });
  }

  @Override
  public void close(String reason) {
    world.time().at(0, this::end);
  }

  @Override
  public void abort() {
    world.time().at(0, this::end);
  }

  private void toRelay(Consumer<RelayProcess.Connection> call) {
    RelayProcess.Connection relay = connection;
    if (relay != null && open && host.isUp() && host.process() == process) {
      call.accept(relay);
    }
  }

  /** Is gone. */
  void end() {
    toRelay(RelayProcess.Connection::closed);
    open = false;
  }
}
