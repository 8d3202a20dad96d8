package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it takes that a client names very many replicas, as nobody honest does: of memory, little,
 * and of time, about what it takes to take in as many that are good. Each was the square of that.
 */
class ReplicaBombTest {
  private static final int MOST = 30_000;

  /** How many times as long as good ones others may take; they took twenty times as long. */
  private static final int TIMES = 8;

  private static final Allowances PLENTY = new Allowances(1 << 30, 1 << 30, 1 << 30, 1 << 30);

  @TempDir Path directory;
  private SteppedHub hub;

  @BeforeEach
  void setUp() {
    hub = new SteppedHub(directory, new Tuning().replicas(MOST).allowances(PLENTY).bounds());
    hub.holdWrites();
  }

  @AfterEach
  void tearDown() {
    hub.close();
  }

  /** Returns an update in which everybody types a letter. */
  private static Payload ofReplicas(int count) {
    List<Change> changes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        TextDocument one = TextDocument.create(new ReplicaId(Vectors.FIRST_REPLICA + i));
        one.insert(0, "x");
        changes.addAll(Change.parse(one.changesSince(VersionVector.EMPTY)));
      }
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
    return Payload.of(Change.combine(changes));
  }

  /** Sends an update on channel 1; returns how long it took to do about it all that there is. */
  private long nanosOf(Line line, Payload update) {
    long begun = System.nanoTime();
    line.say(new ClientMessage.Edits(1, update, null));
    hub.settle();
    return System.nanoTime() - begun;
  }

  private Line open(String document) {
    Line line = hub.greet();
    line.say(new ClientMessage.Open(1, document, VersionVector.EMPTY));
    hub.settle();
    line.hear(RelayMessage.Opened.class);
    return line;
  }

  @Test
  void shouldFindOneTooManyAndTakeWhatIsKnownInTheTimeOfTakingItIn() {
    Payload fitting = ofReplicas(MOST - 1_000);
    Payload tooMany = ofReplicas(MOST + 5_000);
    // Once to warm up.
    nanosOf(open("warm"), fitting);
    long usual = Long.MAX_VALUE;
    long again = Long.MAX_VALUE;
    long refused = Long.MAX_VALUE;
    // The least of some: any one may have had to wait for a processor.
    for (int i = 0; i < 3; i++) {
      Line good = open("good" + i);
      usual = Math.min(usual, nanosOf(good, fitting));
      again = Math.min(again, nanosOf(good, fitting));
      Line bad = open("bad" + i);
      refused = Math.min(refused, nanosOf(bad, tooMany));

      good.hearNothing();
      RelayMessage.Fault fault = bad.hear(RelayMessage.Fault.class);
      assertThat(fault.refusal().code()).isEqualTo(Codes.TOO_LARGE);
      assertThat(fault.changes()).singleElement().extracting("start").isEqualTo(0L);
    }
    assertThat(again).as("known, beside %d", usual).isLessThan(TIMES * usual);
    assertThat(refused).as("one too many, beside %d", usual).isLessThan(TIMES * usual);
  }

  /** Returns an update of much more than may wait for a connection that takes nothing in. */
  private static Payload longest() {
    Random random = new Random(5);
    StringBuilder noise = new StringBuilder();
    while (noise.length() < 4 * RelayBounds.DEFAULT.outboundBytes()) {
      noise.append((char) ('!' + random.nextInt(90)));
    }
    TextDocument text = TextDocument.create(new ReplicaId(1));
    text.insert(0, noise.toString());
    return Payload.of(text.changesSince(VersionVector.EMPTY));
  }

  /** Says something, and takes in no more of what is owed than it takes until that is read. */
  private void sayAndTakeLittle(Line line, ClientMessage message) {
    line.say(message);
    hub.settle();
    while (line.unread() > 0) {
      line.take();
      line.stopTaking();
      line.hearAll();
      hub.settle();
    }
  }

  @Test
  void shouldKeepNothingOfWhatVectorsNameBeyondTheDocument() {
    VersionVector many = Vectors.ofReplicas(100_000);
    byte[] frame = Frames.encode(new ClientMessage.Open(1, Author.DOCUMENT, many));
    assertThat(frame.length).isLessThan(Frames.MAX_CONTROL_BYTES);
    nanosOf(open(Author.DOCUMENT), longest());
    Line line = hub.greet();
    line.stopTaking();
    long before = Heap.used();
    for (int channel = 1; channel <= 150; channel++) {
      sayAndTakeLittle(line, new ClientMessage.Open(channel, Author.DOCUMENT, many));
    }

    // As they came they would be 240 MB.
    assertThat(Heap.used() - before).isLessThan(60L << 20);
  }
}
