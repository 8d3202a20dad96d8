package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that type, stop reading, vanish and come back, a store that stalls and fails, all by a
 * seed. Whatever happens, nothing that the relay says is false, and in the end all have one text.
 */
class RelaySimulation {
  private static final int SCHEDULES = 50;
  private static final int STEPS = 150;
  private static final int CLIENTS = 4;

  @RegisterExtension final Silence silence = Silence.of(WriteBehind.class);

  @TempDir Path directory;

  @Test
  void shouldConvergeAndNeverLieWhateverHappens() {
    RelayBounds tight =
        new Tuning()
            .inboundBytes(2_000)
            .outboundBytes(3_000)
            .partBytes(500)
            .snapshotTailBytes(1_500)
            .bounds();
    Tally tally = new Tally();
    try (SteppedHub hub = new SteppedHub(directory, tight)) {
      for (int seed = 0; seed < SCHEDULES; seed++) {
        try {
          new Schedule(hub, seed, tally).run();
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
    // The schedules would prove little if they did not lead where it is narrow.
    assertThat(tally.partial).as("catch-ups in parts: %s", tally).isGreaterThan(SCHEDULES / 4);
    assertThat(tally.merged).as("edits owed and paid: %s", tally).isGreaterThan(SCHEDULES / 4);
    assertThat(tally.acknowledged).as("saves: %s", tally).isGreaterThan(SCHEDULES);
    assertThat(tally.refused).as("refused saves: %s", tally).isGreaterThan(SCHEDULES / 10);
    assertThat(tally.pongs).as("pongs: %s", tally).isGreaterThan(SCHEDULES);
  }

  /** What happened, over all schedules. */
  private static final class Tally {
    int partial;
    int merged;
    int acknowledged;
    int refused;
    int pongs;

    @Override
    public String toString() {
      return "partial=%d merged=%d acknowledged=%d refused=%d pongs=%d"
          .formatted(partial, merged, acknowledged, refused, pongs);
    }
  }

  private static final class Schedule {
    private final SteppedHub hub;
    private final Random random;
    private final Tally tally;
    private final DocumentId document;
    private final List<Client> clients = new ArrayList<>();

    Schedule(SteppedHub hub, int seed, Tally tally) {
      this.hub = hub;
      this.random = new Random(seed);
      this.tally = tally;
      this.document = new DocumentId("seed-" + seed);
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(i + 1));
      }
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      hub.store.failure = null;
      hub.releaseWrites();
      for (Client client : clients) {
        client.line.take();
        client.save("last");
      }
      exchange();
      hub.advance(Duration.ofSeconds(10));
      exchange();
      VersionVector all = VersionVector.EMPTY;
      for (Client client : clients) {
        all = all.merge(client.text.version());
      }
      assertThat(hub.store.version(document)).isEqualTo(all);
      for (Client client : clients) {
        assertThat(client.text.version()).isEqualTo(all);
        assertThat(client.text.text()).isEqualTo(clients.get(0).text.text());
        client.line.vanish();
      }
      hub.settle();
    }

    private void step() {
      Client client = clients.get(random.nextInt(CLIENTS));
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> client.type();
        case 4 -> client.save("s" + random.nextInt(1_000));
        case 5 -> client.line.stopTaking();
        case 6 -> client.line.take();
        case 7 -> client.ping();
        case 8 -> {
          if (random.nextInt(4) == 0) {
            client.line.vanish();
            client.connect();
          }
        }
        case 9 -> {
          hub.store.failure = random.nextInt(3) == 0 ? "by the seed" : null;
          if (random.nextBoolean()) {
            hub.holdWrites();
          } else {
            hub.releaseWrites();
          }
        }
        case 10 -> hub.advance(Duration.ofMillis(random.nextInt(300)));
        default -> {
          // Only some of what could run runs.
          for (int i = random.nextInt(6); i > 0 && !hub.workers.isEmpty(); i--) {
            hub.workers.remove().run();
          }
        }
      }
      if (random.nextInt(3) == 0) {
        hub.settle();
      }
      clients.forEach(Client::listen);
    }

    /** Runs until nobody has anything more to say. */
    private void exchange() {
      boolean heard;
      do {
        hub.settle();
        heard = false;
        for (Client client : clients) {
          heard |= client.listen();
        }
      } while (heard);
    }

    private final class Client {
      final TextDocument text;
      Line line = hub.greet();
      private int channel;
      private VersionVector sent = VersionVector.EMPTY;

      Client(int number) {
        this.text = TextDocument.create(new ReplicaId(number));
        open();
      }

      void connect() {
        line = hub.greet();
        channel = 0;
        open();
      }

      private void open() {
        channel++;
        sent = text.version();
        line.say(new ClientMessage.Open(channel, document.value(), text.version()));
      }

      void type() {
        if (text.length() > 20 && random.nextInt(4) == 0) {
          int start = random.nextInt(text.length() - 10);
          text.delete(start, start + random.nextInt(10) + 1);
        } else {
          // Now and then something that no queue has room for.
          int words = random.nextInt(30) == 0 ? 1_000 : random.nextInt(30);
          String typed = "word".repeat(words + 1);
          text.insert(random.nextInt(text.length() + 1), typed);
        }
        send();
      }

      private void send() {
        if (!sent.includes(text.version())) {
          byte[] changes = text.changesSince(sent);
          sent = text.version();
          line.say(new ClientMessage.Edits(channel, Payload.of(changes), null));
        }
      }

      void save(String id) {
        line.say(new ClientMessage.Save(channel, id, text.version(), Guarantee.FSYNCED));
      }

      void ping() {
        line.say(new ClientMessage.Ping(1, channel, text.version()));
      }

      /** Takes in what has come; returns whether anything has. */
      boolean listen() {
        List<RelayMessage> heard = line.hearAll();
        heard.forEach(this::hear);
        return !heard.isEmpty();
      }

      private void hear(RelayMessage message) {
        VersionVector stored = hub.store.version(document);
        if (message instanceof RelayMessage.Opened opened && opened.channel() == channel) {
          apply(opened.changes());
          tally.partial += opened.more() ? 1 : 0;
          sent = opened.vector();
          send();
        } else if (message instanceof RelayMessage.Edits edits && edits.channel() == channel) {
          apply(edits.changes());
          tally.merged += edits.vector() != null && !edits.more() ? 1 : 0;
          if (edits.vector() != null) {
            assertThat(text.version().includes(edits.vector())).isTrue();
          }
        } else if (message instanceof RelayMessage.Durable durable
            && durable.channel() == channel) {
          assertThat(stored.includes(durable.vector())).as("durable is stored").isTrue();
          assertThat(text.version().includes(durable.vector())).as("durable is here").isTrue();
        } else if (message instanceof RelayMessage.Pong pong && pong.channel() == channel) {
          assertThat(pong.vector()).isNotNull();
          if (pong.vector() != null) {
            assertThat(text.version().includes(pong.vector())).as("nothing was missed").isTrue();
          }
          tally.pongs++;
        } else if (message instanceof RelayMessage.SaveAcknowledged saved) {
          assertThat(stored.includes(saved.vector())).as("saved is stored").isTrue();
          tally.acknowledged++;
        } else if (message instanceof RelayMessage.SaveRefused) {
          tally.refused++;
        } else if (message instanceof RelayMessage.Resend resend && resend.channel() == channel) {
          sent = resend.vector();
          send();
        } else if (message instanceof RelayMessage.Fault fault) {
          throw new AssertionError("refused: " + fault);
        }
      }

      private void apply(Payload update) {
        if (update.isEmpty()) {
          return;
        }
        try {
          ApplyResult result = text.apply(update.bytes());
          assertThat(result.isComplete()).as("no gap: %s", result).isTrue();
        } catch (MalformedUpdateException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
