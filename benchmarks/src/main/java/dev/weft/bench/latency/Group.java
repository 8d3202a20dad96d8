package dev.weft.bench.latency;

import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The clients that have one document open; the first of them write. Confined to one thread. */
final class Group implements Writers {
  /** What the first writer types; the others type the letters after it. */
  static final char FIRST_LETTER = 'a';

  /** What is there before anybody types, none of the letters in it. */
  private static final String PAGE = ".".repeat(2_000);

  private final List<Participant> participants;
  private final int writerCount;
  private final Latencies latencies;
  private final List<KeystrokeLog> logs = new ArrayList<>();
  private final AtomicInteger savesUnderWay = new AtomicInteger();
  private final AtomicInteger savesRefused = new AtomicInteger();
  private long countedFromNanos;

  Group(List<Participant> participants, int writerCount, Latencies latencies) {
    this.participants = List.copyOf(participants);
    this.writerCount = writerCount;
    this.latencies = latencies;
  }

  @Override
  public int writerCount() {
    return writerCount;
  }

  List<Participant> participants() {
    return participants;
  }

  /** Writes what is there before anybody types. */
  void writePage() {
    participants.get(0).text().insert(0, PAGE);
  }

  /** Returns whether everybody has what is there before anybody types. */
  boolean hasPage() {
    return participants.stream().allMatch(each -> each.text().length() >= PAGE.length());
  }

  @Override
  public void expect(List<Integer> keystrokes, long countFromNanos) {
    countedFromNanos = countFromNanos;
    logs.clear();
    for (int count : keystrokes) {
      logs.add(new KeystrokeLog(count, countFromNanos));
    }
    for (Participant participant : participants) {
      participant.expect(List.copyOf(logs), latencies);
    }
  }

  @Override
  public void type(int writer, int number, long dueNanos) {
    logs.get(writer).pressed(number, dueNanos, latencies);
    participants.get(writer).type((char) (FIRST_LETTER + writer));
  }

  @Override
  public void save(int writer, int number, long dueNanos) {
    savesUnderWay.incrementAndGet();
    long called = System.nanoTime();
    var unused =
        participants
            .get(writer)
            .text()
            .save()
            .whenComplete(
                (receipt, failure) -> {
                  long now = System.nanoTime();
                  if (failure != null) {
                    savesRefused.incrementAndGet();
                  } else if (dueNanos - countedFromNanos >= 0) {
                    latencies.save(now - dueNanos, now - called);
                  }
                  savesUnderWay.decrementAndGet();
                });
  }

  /** Returns how many keystrokes readers have not seen, and saves have no receipt. */
  int missing() {
    int missing = savesUnderWay.get();
    for (int reader = 0; reader < participants.size(); reader++) {
      for (int writer = 0; writer < writerCount; writer++) {
        if (reader != writer) {
          missing += logs.get(writer).size() - participants.get(reader).seen(writer);
        }
      }
    }
    return missing;
  }

  int savesRefused() {
    return savesRefused.get();
  }

  /** What a client has at one moment. */
  private record State(VersionVector version, String text) {}

  /** Returns whether everybody has the same changes; then the texts must be equal too. */
  boolean hasConverged() {
    State first = state(participants.get(0));
    for (Participant participant : participants) {
      State state = state(participant);
      if (!state.version.equals(first.version)) {
        return false;
      }
      if (!state.text.equals(first.text)) {
        throw new AssertionError(
            "document "
                + participant.text().documentId().value()
                + ": equal versions, but not equal texts");
      }
    }
    return true;
  }

  private static State state(Participant participant) {
    return participant.text().read(document -> new State(document.version(), document.text()));
  }
}
