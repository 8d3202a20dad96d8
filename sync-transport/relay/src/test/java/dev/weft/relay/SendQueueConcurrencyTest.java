package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.Together;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What waits for a connection goes out frame by frame, in order and whole, whoever queues it and
 * wherever the outlet says that a frame has left: inside {@code send}, or on another thread.
 *
 * <p>Found when broken: with {@code handOver} counting requests without adding its own first, or
 * giving its turn back by {@code set(0)}, frames that never go, and nobody told of room; without
 * {@code sending}, two frames at once; with edits queued while something before them is owed, a
 * gap.
 */
class SendQueueConcurrencyTest {
  private static final int ANSWERS = 200_000;
  private static final int EDITS = 20_000;
  private static final int FRAME_BYTES = 1 << 10;
  private static final ReplicaId AUTHOR = new ReplicaId(1);

  @Test
  void shouldSendFrameByFrameInOrder() {
    Wire wire = new Wire();
    AtomicInteger empty = new AtomicInteger();
    Together.run(
        () -> answer(wire, 0),
        () -> answer(wire, 1),
        () -> {
          for (int i = 0; i < ANSWERS; i++) {
            assertThat(wire.waiting.tryAcquire(10, TimeUnit.SECONDS)).as("frame comes").isTrue();
            wire.took();
          }
        });
    wire.queue.whenEmpty(empty::incrementAndGet);

    assertThat(wire.fault).isEmpty();
    assertThat(wire.next).containsExactly(ANSWERS, ANSWERS);
    assertThat(empty).hasValue(1);
    assertThat(wire.queue.waitingBytes()).isZero();
  }

  private static void answer(Wire wire, int by) throws InterruptedException {
    for (int i = 0; i < ANSWERS; i++) {
      wire.awaitRoom();
      wire.queue.answer(numbered(2L * i + by));
    }
  }

  private static RelayMessage numbered(long number) {
    return new RelayMessage.Pong(number, 0, null);
  }

  /** Takes every second frame inside {@code send}, and leaves the others to {@link #took}. */
  private static final class Wire extends DeafOutlet {
    private final Semaphore waiting = new Semaphore(0);
    private final int[] next = new int[2];
    private final SendQueue queue =
        new SendQueue(
            this, new Numbers(), 5_000, FRAME_BYTES, () -> 0, Unwatched.METRICS, this::roomAgain);
    private boolean busy;
    private int count;
    private volatile String fault = "";

    @Override
    public void send(byte[] frame) {
      int number = ByteBuffer.wrap(frame).getInt();
      if (busy || number / 2 != next[number % 2]++) {
        fault = busy ? "two frames at once" : "frame " + number + " out of turn";
      }
      busy = true;
      if (count++ % 2 == 0) {
        took();
      } else {
        waiting.release();
      }
    }

    void took() {
      busy = false;
      queue.sent();
    }

    synchronized void awaitRoom() throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (queue.isCongested()) {
        assertThat(System.nanoTime() - end).as("waited for room").isNegative();
        wait(1_000);
      }
    }

    synchronized void roomAgain() {
      notifyAll();
    }
  }

  @Test
  void shouldLeaveNoGapWhateverIsDroppedMeanwhile() throws Exception {
    BlockingQueue<byte[]> underWay = new ArrayBlockingQueue<>(1);
    SendQueue[] queue = new SendQueue[1];
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      Document document = new Document(queue, worker);
      DeafOutlet outlet =
          new DeafOutlet() {
            @Override
            public void send(byte[] frame) {
              underWay.add(frame);
            }
          };
      queue[0] =
          new SendQueue(
              outlet, new Numbers(), 1_000, FRAME_BYTES, () -> 0, Unwatched.METRICS, () -> {});
      worker.execute(document::open);
      Together.run(
          () -> {
            for (int i = 0; i < EDITS; i++) {
              worker.execute(document::edit);
            }
          },
          () -> {
            for (int i = 0; i < EDITS; i++) {
              queue[0].answer(numbered(0));
            }
          },
          () -> {
            int has = 0;
            while (has < EDITS) {
              byte[] frame = underWay.poll(10, TimeUnit.SECONDS);
              assertThat(frame).as("frame behind edit " + has).isNotNull();
              ByteBuffer fields = ByteBuffer.wrap(Objects.requireNonNull(frame));
              if (fields.getInt() == Numbers.EDITS) {
                assertThat(fields.getInt()).as("first edit").isEqualTo(has);
                has = fields.getInt();
              }
              queue[0].sent();
            }
          });
    } finally {
      worker.shutdownNow();
    }
  }

  /** What a document does for one channel, on its worker. */
  private static final class Document {
    private final SendQueue[] queue;
    private final Feed feed;
    private int edits;

    Document(SendQueue[] queue, ExecutorService worker) {
      this.queue = queue;
      this.feed =
          new Feed(
              1,
              () ->
                  worker.execute(
                      () -> {
                        pay();
                        queue[0].asked();
                      }));
    }

    void open() {
      queue[0].open(feed, VersionVector.EMPTY);
      pay();
    }

    void edit() {
      edits++;
      queue[0].edits(feed, fromTo(edits - 1, edits), upTo(edits - 1));
    }

    private void pay() {
      SendQueue.Debt debt = queue[0].debt(feed);
      if (debt != null) {
        int from = (int) debt.since().next(AUTHOR);
        int to = Math.min(edits, from + 3);
        boolean unused = queue[0].pay(feed, fromTo(from, to), upTo(to), to == edits);
      }
    }

    private static RelayMessage.Edits fromTo(int from, int to) {
      byte[] fields = ByteBuffer.allocate(12).putInt(Numbers.EDITS).putInt(from).putInt(to).array();
      return new RelayMessage.Edits(1, Payload.of(fields), false, null);
    }

    private static VersionVector upTo(int edits) {
      return VersionVector.of(AUTHOR, edits);
    }
  }

  /** A version of the protocol with frames of a number or three. */
  private static final class Numbers implements ProtocolVersion {
    static final int EDITS = -1;

    @Override
    public String name() {
      return "numbers";
    }

    @Override
    public ClientMessage decode(byte[] frame) {
      throw new AssertionError("nothing comes in");
    }

    @Override
    public byte[] encode(RelayMessage message) {
      return message instanceof RelayMessage.Edits edits
          ? edits.changes().bytes()
          : ByteBuffer.allocate(4).putInt((int) ((RelayMessage.Pong) message).nonce()).array();
    }
  }
}
