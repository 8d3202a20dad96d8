package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as text, which stays what it is when later versions make other schedules of the same
 * seed: a line with the seed, one with the climate, and one for each step. Lines that begin with #
 * are for people.
 */
final class ScheduleFile {
  private ScheduleFile() {}

  static String write(Schedule schedule) {
    Climate climate = schedule.climate();
    Duration tokenLife = climate.tokenLife();
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(schedule.seed()).append('\n');
    text.append("climate devices=").append(climate.devices());
    text.append(" documents=").append(climate.documents());
    text.append(" relays=").append(climate.relays());
    text.append(" maxLatencyNanos=").append(climate.maxLatencyNanos());
    text.append(" windowBytes=").append(climate.windowBytes());
    text.append(" deviceDiskNanos=").append(climate.deviceDiskNanos());
    text.append(" relayDiskNanos=").append(climate.relayDiskNanos());
    text.append(" tight=").append(climate.tight());
    text.append(" lossy=").append(climate.lossy());
    text.append(" polling=").append(climate.polling());
    text.append(" barrier=").append(climate.barrier().name());
    text.append(" next=").append(climate.next());
    text.append(" tokenLifeNanos=").append(tokenLife == null ? 0 : tokenLife.toNanos());
    text.append('\n');
    for (Schedule.Step step : schedule.steps()) {
      text.append(step.number()).append(' ').append(step.action());
      text.append(" seed=").append(step.seed());
      text.append(" pauseNanos=").append(step.pauseNanos()).append('\n');
    }
    return text.toString();
  }

  /**
   * Reads a schedule.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is none; says which line
   */
  static Schedule read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static Schedule parse(String text) {
    @Nullable Long seed = null;
    @Nullable Climate climate = null;
    List<Schedule.Step> steps = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    int lineNumber = 0;
    for (String line : text.lines().toList()) {
      lineNumber++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.trim().split(" ");
      try {
        if (words[0].equals("seed")) {
          seed = Long.parseLong(words[1]);
        } else if (words[0].equals("climate")) {
          climate = climate(values(words, 1));
        } else {
          Schedule.Step step = step(words);
          if (!numbers.add(step.number())) {
            throw new IllegalArgumentException("there is a step " + step.number() + " already");
          }
          steps.add(step);
        }
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "line " + lineNumber + ": " + e.getMessage() + ", in: " + line, e);
      }
    }
    if (seed == null || climate == null) {
      throw new IllegalArgumentException(
          "a schedule has a line with its seed and one with its climate");
    }
    return new Schedule(seed, climate, List.copyOf(steps));
  }

  private static Schedule.Step step(String[] words) {
    Map<String, String> values = values(words, 2);
    return new Schedule.Step(
        Integer.parseInt(words[0]),
        Action.valueOf(words[1]),
        number(values, "seed"),
        number(values, "pauseNanos"));
  }

  private static Map<String, String> values(String[] words, int from) {
    return Arrays.stream(words)
        .skip(from)
        .map(ScheduleFile::pair)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b, TreeMap::new));
  }

  private static String[] pair(String word) {
    String[] pair = word.split("=", 2);
    if (pair.length < 2) {
      throw new IllegalArgumentException(word + " is no NAME=VALUE");
    }
    return pair;
  }

  private static Climate climate(Map<String, String> values) {
    long tokenLifeNanos = number(values, "tokenLifeNanos");
    return new Climate(
        count(values, "devices", 1, 4),
        count(values, "documents", 1, World.DOCUMENTS.size()),
        count(values, "relays", 1, 2),
        number(values, "maxLatencyNanos"),
        (int) number(values, "windowBytes"),
        number(values, "deviceDiskNanos"),
        number(values, "relayDiskNanos"),
        Boolean.parseBoolean(values.get("tight")),
        Boolean.parseBoolean(values.get("lossy")),
        (int) number(values, "polling"),
        Barrier.valueOf(values.getOrDefault("barrier", Barrier.NONE.name())),
        (int) number(values, "next"),
        tokenLifeNanos == 0 ? null : Duration.ofNanos(tokenLifeNanos));
  }

  private static int count(Map<String, String> values, String name, int least, int most) {
    long value = number(values, name);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", is " + value);
    }
    return (int) value;
  }

  private static long number(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return Long.parseLong(value);
  }
}
