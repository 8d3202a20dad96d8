package dev.weft.lab.day;

import dev.weft.client.FaultyProxy;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One game day: starts a relay and its clients, has them worked with while faults are injected,
 * heals everything, waits until all is well by itself, and holds the inquest. Confined to a thread.
 */
final class GameDay implements AutoCloseable {
  private static final DocumentId LETTER = new DocumentId("letter");
  private static final DocumentId NOTES = new DocumentId("notes");

  /** Who types what; the last of them has the small disk. */
  private static final Map<String, DocumentId> PEOPLE = new LinkedHashMap<>();

  static {
    PEOPLE.put("ann", LETTER);
    PEOPLE.put("bob", LETTER);
    PEOPLE.put("dan", NOTES);
    PEOPLE.put("cat", LETTER);
  }

  private static final String ON_SMALL_DISK = "cat";

  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_MILLIS = 200;

  private final long seed;
  private final double minutes;
  private final Path directory;
  private final PrintWriter out;
  private final Relay relay;
  private final Map<String, Person> people = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Line> shown = new LinkedHashMap<>();
  private final String leftOut;
  private @Nullable SmallDisk relayDisk;
  private @Nullable SmallDisk clientDisk;

  /**
   * Prepares a day.
   *
   * @param mayMount whether this process has mounts of its own, and so may have small disks
   * @param directory where everything is kept, but for what is on small disks
   * @param out what is told meanwhile
   */
  GameDay(long seed, double minutes, boolean mayMount, Path directory, PrintWriter out)
      throws IOException, InterruptedException {
    this.seed = seed;
    this.minutes = minutes;
    this.directory = directory;
    this.out = out;
    this.leftOut = mountDisks(mayMount);
    Path relayAt = relayDisk == null ? directory : relayDisk.directory();
    this.relay = new Relay(relayAt.resolve("relay"), directory);
  }

  private String mountDisks(boolean mayMount) throws InterruptedException {
    String without = "full disks: no small disk can be mounted here";
    if (!mayMount) {
      return without + " (unshare --mount is not allowed)";
    }
    try {
      relayDisk = SmallDisk.mount(directory.resolve("relay-disk"));
      clientDisk = SmallDisk.mount(directory.resolve("client-disk"));
      return "";
    } catch (IOException e) {
      return without + " (" + e.getMessage() + ")";
    }
  }

  /** Returns which faults a day has, with small disks or without. */
  static Plan plan(long seed, double minutes, boolean disks) {
    return Plan.draw(
        seed, length(minutes), List.copyOf(PEOPLE.keySet()), disks ? ON_SMALL_DISK : "");
  }

  private static Duration length(double minutes) {
    return Duration.ofMillis((long) (minutes * 60_000));
  }

  /** Plays the day. */
  Day play() throws IOException, InterruptedException {
    Duration play = length(minutes);
    Plan plan = plan(seed, minutes, clientDisk != null);
    out.printf(
        "game day: seed %d, %.2f minutes, %d clients, %d faults%n",
        seed, minutes, PEOPLE.size(), plan.lanes().values().stream().mapToInt(List::size).sum());
    if (!leftOut.isEmpty()) {
      out.println("left out: " + leftOut);
    }
    out.flush();

    start();
    long from = Line.nowMicros();
    long fromNanos = System.nanoTime();
    Injector injector = new Injector(relay, relayDisk, people, clientDisk);
    injector.play(plan);
    long left = play.toNanos() - (System.nanoTime() - fromNanos);
    TimeUnit.NANOSECONDS.sleep(left);
    failures.addAll(injector.failures());
    Files.write(
        directory.resolve("faults.txt"), injector.spans().stream().map(Object::toString).toList());

    long healed = Line.nowMicros();
    people.values().forEach(Person::rest);
    awaitSettled();
    long settled = Line.nowMicros();
    long elapsed = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - fromNanos);
    end();

    Inquest inquest = new Inquest(relay, people.values(), shown, failures);
    List<Verdict> verdicts = inquest.hold();
    return new Day(
        seed,
        minutes,
        from,
        healed,
        settled,
        settled - from - elapsed,
        leftOut,
        List.copyOf(people.values()),
        injector.spans(),
        inquest.durable(),
        verdicts);
  }

  private void start() throws IOException {
    relay.start();
    int number = 0;
    for (Map.Entry<String, DocumentId> each : PEOPLE.entrySet()) {
      String name = each.getKey();
      SmallDisk disk = name.equals(ON_SMALL_DISK) ? clientDisk : null;
      Path store = (disk == null ? directory : disk.directory()).resolve(name);
      number++;
      people.put(
          name,
          new Person(
              name,
              each.getValue(),
              store,
              directory,
              new FaultyProxy(relay.port(), seed + number),
              seed * 1_000 + number * 100L));
    }
    for (Person person : people.values()) {
      person.start();
    }
  }

  /** Waits until everybody shows that all is well and those of a document show the same. */
  private void awaitSettled() throws InterruptedException {
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    do {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      Map<Person, CompletableFuture<Line>> answers = new LinkedHashMap<>();
      people.values().forEach(person -> answers.put(person, person.tell()));
      answers.forEach(
          (person, answer) -> {
            try {
              shown.put(
                  person.name(), DayProcess.await(answer, ANSWER_WITHIN, person.name() + " tells"));
            } catch (IOException e) {
              shown.remove(person.name());
            }
          });
    } while (!isSettled() && System.nanoTime() < deadline);
  }

  private boolean isSettled() {
    Map<DocumentId, Long> versions =
        people.values().stream()
            .collect(
                Collectors.groupingBy(
                    Person::document,
                    Collectors.collectingAndThen(
                        Collectors.toList(),
                        of -> of.stream().map(this::version).distinct().count())));
    return shown.size() == people.size()
        && shown.values().stream().allMatch(Inquest::isWell)
        && versions.values().stream().allMatch(count -> count == 1);
  }

  private String version(Person person) {
    Line line = shown.get(person.name());
    return line == null ? person.name() : line.text("version");
  }

  private void end() throws InterruptedException {
    for (Person person : people.values()) {
      try {
        person.end();
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    try {
      relay.stop();
    } catch (IOException e) {
      failures.add(e.getMessage());
    }
  }

  /** Ends whatever still runs; keeps the stores and logs, those of small disks too, if asked. */
  void close(boolean keep) throws IOException, InterruptedException {
    close();
    for (SmallDisk disk : new @Nullable SmallDisk[] {relayDisk, clientDisk}) {
      if (disk != null) {
        if (keep) {
          disk.save(directory.resolve(disk.directory().getFileName() + "-kept"));
        }
        disk.unmount();
      }
    }
    if (!keep) {
      Person.delete(directory);
    }
  }

  @Override
  public void close() {
    people.values().forEach(Person::close);
    relay.close();
  }

  /** Returns a new directory for a day. */
  static Path newDirectory() throws IOException {
    return Files.createTempDirectory("weft-game-day");
  }
}
