package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Edits;
import dev.weft.bench.load.dialect.Speaker;
import dev.weft.bench.load.net.EventLoop;
import dev.weft.bench.load.net.Network;
import dev.weft.bench.load.net.WebSocketConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that has a document open, and times what comes of its writers. It asks for a sign of
 * life as often as the library's client does, which never says so little that a connection is idle.
 * Confined to the loop.
 */
class Member implements WebSocketConnection.Listener, Speaker.Ear {
  /** A third of the five seconds after which a client calls its text stale. */
  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1_667);

  private static final long CONNECT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Place place;
  private final Tally tally;
  private final Random random;
  private final ClientClass who;
  private final Network network;
  private final String document;
  private final List<WriterLog> logs;
  private final Speaker speaker;

  /** Of each writer, how many of its messages are here, and its newest caret. */
  private final int[] seenMessages;

  private final long[] seenCarets;

  private @Nullable WebSocketConnection connection;
  private boolean caughtUp;
  private boolean left;
  private boolean asking;
  private long asked;
  private long answered;
  private long askedNanos;

  /**
   * Creates a client that is not connected.
   *
   * @param writer the id that it writes under, or would
   * @param logs those of the document's writers whom it reads
   */
  Member(
      Place place,
      Tally tally,
      Random random,
      ClientClass who,
      Network network,
      String document,
      long writer,
      Edits edits,
      List<WriterLog> logs) {
    this.place = place;
    this.tally = tally;
    this.random = random;
    this.who = who;
    this.network = network;
    this.document = document;
    this.logs = logs;
    speaker = place.dialect().speaker(document, writer, edits, this);
    seenMessages = new int[logs.size()];
    seenCarets = new long[logs.size()];
  }

  final EventLoop loop() {
    return place.loop();
  }

  final Speaker speaker() {
    return speaker;
  }

  final ClientClass who() {
    return who;
  }

  final Tally tally() {
    return tally;
  }

  final Random random() {
    return random;
  }

  /** Returns whether the server knows saves and carets. */
  final boolean isWhole() {
    return place.dialect().isWhole();
  }

  // --- Its connection ---

  /** Begins to connect. */
  final void connect() throws IOException {
    connection =
        new WebSocketConnection(
            place.loop(),
            place.address(),
            place.dialect().endpoint(place.server(), document),
            place.dialect().subprotocol(),
            network,
            this);
  }

  private void connectAgain() {
    if (left) {
      return;
    }
    try {
      connect();
      tally.reconnects++;
    } catch (IOException e) {
      closed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public final void opened() {
    WebSocketConnection here = connection;
    if (here != null) {
      speaker.begin(here::send);
    }
  }

  /** Loses its connection, and comes again a little later. */
  final void cut() {
    if (isConnected()) {
      tally.cuts++;
      hangUp();
      loop().after(CONNECT_AGAIN_NANOS, this::connectAgain);
    }
  }

  private void hangUp() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
    caughtUp = false;
  }

  /** Goes, for good. */
  final void leave() {
    left = true;
    hangUp();
  }

  /** Returns whether the document is open and all that it had has come. */
  final boolean isConnected() {
    return caughtUp;
  }

  /** Returns how many bytes the link has not taken. */
  final int unsentBytes() {
    return connection == null ? 0 : connection.unsentBytes();
  }

  @Override
  public final void message(ByteBuffer message) {
    speaker.hear(message);
  }

  @Override
  public final void closed(String reason) {
    hangUp();
    if (left) {
      return;
    }
    if (who.isNormal()) {
      tally.failed(reason);
    } else {
      loop().after(CONNECT_AGAIN_NANOS, this::connectAgain);
    }
  }

  // --- Signs of life ---

  private void ask() {
    WebSocketConnection here = connection;
    if (left || here == null) {
      asking = false;
      return;
    }
    if (answered == asked) {
      asked++;
      askedNanos = System.nanoTime();
      if (isWhole()) {
        speaker.ask(asked);
      } else {
        here.ping();
      }
    }
    loop().after(ASK_EVERY_NANOS, this::ask);
  }

  @Override
  public final void ponged() {
    answered(asked);
  }

  @Override
  public final void answered(long nonce) {
    if (nonce == asked && answered < asked) {
      answered = nonce;
      roundTrip(System.nanoTime() - askedNanos);
    }
  }

  /** A sign of life took so long. */
  void roundTrip(long nanos) {}

  // --- What it hears ---

  @Override
  public void caughtUp() {
    caughtUp = true;
    answered = asked;
    if (!asking) {
      asking = true;
      // Each at its own time, as they would be that have not begun together.
      loop().after((long) (random.nextDouble() * ASK_EVERY_NANOS), this::ask);
    }
  }

  @Override
  public final void progress(long writer, long events) {
    for (int i = 0; i < logs.size(); i++) {
      if (logs.get(i).writer() == writer) {
        progress(i, events, System.nanoTime());
      }
    }
  }

  private void progress(int number, long events, long now) {
    WriterLog log = logs.get(number);
    int message = seenMessages[number];
    int edit = message == 0 ? 0 : log.messageEnd(message - 1);
    while (message < log.messages() && log.messageEvents(message) <= events) {
      for (; edit < log.messageEnd(message); edit++) {
        long due = log.dueNanos(edit);
        if (tally.counts(due)) {
          tally.waited(who, Tier.KEYSTROKE, now - due);
          if (who.isNormal()) {
            tally.editsDelivered++;
          }
        }
      }
      message++;
    }
    seenMessages[number] = message;
  }

  /** Returns whether everything that was sent is here. */
  final boolean hasAll() {
    for (int i = 0; i < logs.size(); i++) {
      if (seenMessages[i] < logs.get(i).messages() || logs.get(i).unsent() > 0) {
        return false;
      }
    }
    return true;
  }

  /** Counts what is not here as what has taken until now. */
  final void giveUp(long now) {
    for (int i = 0; i < logs.size(); i++) {
      WriterLog log = logs.get(i);
      int edit = seenMessages[i] == 0 ? 0 : log.messageEnd(seenMessages[i] - 1);
      for (; edit < log.edits(); edit++) {
        if (tally.counts(log.dueNanos(edit))) {
          tally.waited(who, Tier.KEYSTROKE, now - log.dueNanos(edit));
          if (who.isNormal()) {
            tally.editsMissing++;
          }
        }
      }
    }
  }

  @Override
  public final void caret(long writer, long clock) {
    long now = System.nanoTime();
    for (int i = 0; i < logs.size(); i++) {
      WriterLog log = logs.get(i);
      if (log.writer() == writer && clock > seenCarets[i] && clock <= log.carets()) {
        seenCarets[i] = clock;
        long shown = log.caretNanos(clock);
        if (tally.counts(shown)) {
          tally.waited(who, Tier.PRESENCE, now - shown);
          if (who.isNormal()) {
            tally.caretsDelivered++;
          }
        }
      }
    }
  }

  @Override
  public void saved(String id, String guarantee) {}

  @Override
  public void saveRefused(String id, String code, long retryAfterMillis) {}

  @Override
  public void throttled(String code, long windowMillis, long lastsMillis) {
    if (windowMillis > 0) {
      tally.throttled(who, code);
    }
  }

  @Override
  public final void refused(String code, String reason) {
    tally.refused(who, code);
    if (who.isNormal()) {
      tally.failed(reason.isEmpty() ? code : reason);
    }
  }

  @Override
  public final void puzzled(String reason) {
    tally.failed("what the server says is not understood: " + reason);
  }
}
