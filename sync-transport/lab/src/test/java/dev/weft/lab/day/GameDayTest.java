package dev.weft.lab.day;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.day.Plan.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short game day: every promise is kept, and every kind of fault was met that can be injected
 * here. {@code -Dweft.gameDayMinutes=N} makes it longer, {@code -Dweft.seed=S} another one.
 */
class GameDayTest {
  private static final String MINUTES = System.getProperty("weft.gameDayMinutes", "0.4");

  /** A day of this seed has each kind of fault. */
  private static final int ALL_FAULTS = 15;

  private static final String SEED = System.getProperty("weft.seed", "" + ALL_FAULTS);

  @TempDir Path directory;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void shouldKeepEveryPromiseOnShortDay() throws Exception {
    Path report = directory.resolve("report.html");
    Path said = directory.resolve("said");
    List<String> apart = apart();
    List<String> command = new ArrayList<>(apart);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(GameDayCommand.class.getName());
    command.addAll(List.of("--minutes", MINUTES, "--seed", SEED, "--report", report.toString()));
    if (!apart.isEmpty()) {
      command.add("--own-mounts");
    }

    Process day =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(said.toFile())
            .start();
    int status = day.waitFor();

    String output = Files.readString(said, StandardCharsets.UTF_8);
    System.out.print(output);
    assertThat(status).as(output).isZero();
    assertThat(output).contains("9 of 9 promises kept");
    assertThat(output.contains("left out: full disks")).isEqualTo(apart.isEmpty());
    String page = Files.readString(report, StandardCharsets.UTF_8);
    assertThat(page).contains("every promise was kept").doesNotContain("http:", "https:", "src=");
    for (FaultKind kind : kinds(Long.parseLong(SEED), !apart.isEmpty())) {
      assertThat(page).as("%s", kind).containsPattern(kind.words + ", at [0-9.]+ s for");
    }
  }

  @Test
  void shouldMeetEveryKindOfFaultOnThatDay() {
    assertThat(kinds(ALL_FAULTS, true)).containsExactlyInAnyOrder(FaultKind.values());
    assertThat(kinds(ALL_FAULTS, false)).hasSize(FaultKind.values().length - 2);
  }

  private static Set<FaultKind> kinds(long seed, boolean disks) {
    return GameDay.plan(seed, Double.parseDouble(MINUTES), disks).lanes().values().stream()
        .flatMap(List::stream)
        .map(Fault::kind)
        .collect(Collectors.toSet());
  }

  /** Returns what gives a command mounts of its own; empty where the system allows none. */
  private static List<String> apart() throws InterruptedException {
    List<String> apart = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      apart.add("--map-root-user");
    }
    List<String> command = new ArrayList<>(apart);
    command.add("true");
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0 ? apart : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
