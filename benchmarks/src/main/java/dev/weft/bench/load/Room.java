package dev.weft.bench.load;

import dev.weft.bench.load.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A document and those who have it open. Confined to the loop. */
final class Room {
  private final Place place;
  private final Tally tally;
  private final Random random;
  private final Habits habits;
  private final String document;
  private final List<WriterLog> logs = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();

  /**
   * Creates a room with normal clients that are not connected.
   *
   * @param who what its normal clients are
   */
  Room(
      Place place,
      Tally tally,
      Random random,
      LoadSettings settings,
      String document,
      ClientClass who) {
    this.place = place;
    this.tally = tally;
    this.random = random;
    this.habits = settings.habits();
    this.document = document;
    Population population = settings.population();
    for (int i = 0; i < population.writers(); i++) {
      logs.add(new WriterLog(newWriter()));
    }
    for (WriterLog log : logs) {
      List<WriterLog> others = logs.stream().filter(each -> each != log).toList();
      Writer writer =
          new Writer(
              place,
              tally,
              random,
              who,
              population.network(),
              document,
              log,
              others,
              habits,
              settings.editsPerSecondOfWriter());
      writers.add(writer);
      members.add(writer);
    }
    while (members.size() < population.clients()) {
      addReader(who, population.network());
    }
  }

  /** All servers take ids of 31 bits. */
  private long newWriter() {
    return random.nextInt(Integer.MAX_VALUE - 1) + 1L;
  }

  /** Adds a client that reads, and returns it; it is not connected. */
  Member addReader(ClientClass who, Network network) {
    Member reader =
        new Member(
            place, tally, random, who, network, document, newWriter(), habits.typing().get(), logs);
    members.add(reader);
    return reader;
  }

  /** Returns a client that comes later and is not counted; it is not connected. */
  Member newcomer(Tally itsTally) {
    return new Member(
        place,
        itsTally,
        random,
        ClientClass.NORMAL,
        Network.DIRECT,
        document,
        newWriter(),
        habits.typing().get(),
        logs);
  }

  /** Returns a client that floods the document, on another loop; it is not connected. */
  Flooder flooder(Place elsewhere, Tally itsTally) {
    return new Flooder(
        elsewhere,
        itsTally,
        new Random(random.nextLong()),
        document,
        newWriter(),
        habits.typing().get());
  }

  List<Member> members() {
    return members;
  }

  List<Writer> writers() {
    return writers;
  }

  /** Returns whether normal clients have all that was written, and every save its answer. */
  boolean isQuiet() {
    return members.stream().filter(member -> member.who().isNormal()).allMatch(Member::hasAll)
        && writers.stream().noneMatch(Writer::isSaving)
        && writers.stream().allMatch(writer -> writer.unsentEdits() == 0);
  }
}
