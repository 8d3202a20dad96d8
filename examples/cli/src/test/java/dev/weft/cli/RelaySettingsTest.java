package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Where a relay's settings come from, and which of two holds. */
class RelaySettingsTest {
  @TempDir private Path folder;
  private final CommandRun weft = new CommandRun();

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("relay.properties"), content);
  }

  private static String printed(
      Map<String, String> environment, @Nullable Path file, String... arguments)
      throws CommandFailure {
    CommandSpec spec = new CommandLine(new RelayCommand()).getCommandSpec();
    RelaySettings settings = RelaySettings.read(spec, environment, file);
    CommandLine line = new CommandLine(new RelayCommand()).setDefaultValueProvider(settings);
    line.parseArgs(arguments);
    StringWriter out = new StringWriter();
    settings.print(line.getCommandSpec(), spec, new PrintWriter(out));
    return out.toString();
  }

  @Test
  void shouldTakeTheCommandLineBeforeTheEnvironmentBeforeTheFile() throws Exception {
    Path file = file("port = 1\nmax-connections = 2\nmax-documents = 3\n");
    Map<String, String> environment =
        Map.of("WEFT_RELAY_PORT", "4", "WEFT_RELAY_MAX_CONNECTIONS", "5", "HOME", "/");

    String printed = printed(environment, file, "--port", "6");

    assertThat(printed)
        .contains("# from the command line\nport = 6\n")
        .contains("# from WEFT_RELAY_MAX_CONNECTIONS\nmax-connections = 5\n")
        .contains("# from " + file + "\nmax-documents = 3\n")
        .contains("# from the default\ndrain-within = 10\n")
        .contains("\n#data =\n");
  }

  @Test
  void shouldReadWhatItHasPrinted() throws Exception {
    Path file =
        file("origins = https://a.example,https://b.example\ninsecure = true\nhost = ::1\n");
    String printed = printed(Map.of(), file);

    String again = printed(Map.of(), file(printed));

    assertThat(again.lines().filter(line -> !line.startsWith("#")))
        .containsExactlyElementsOf(printed.lines().filter(line -> !line.startsWith("#")).toList());
    assertThat(printed).contains("\norigins = https://a.example,https://b.example\n");
  }

  /** What was printed has each setting, those of many values with none of them. */
  @Test
  void shouldStartWithWhatItHasPrinted() throws Exception {
    String config = file(printed(Map.of(), null)).toString();
    // So that it does not start after all.
    String[] arguments = {"relay", "--config", config, "--max-per-address", "0"};

    assertThat(weft.run(arguments)).isEqualTo(2);
    assertThat(weft.err()).startsWith("weft: --max-per-address must be");
    assertThat(weft.run("relay", "--config", config, "--tokens", "/none")).isEqualTo(1);
    assertThat(weft.err().lines().skip(1)).singleElement().asString().contains("/none");
  }

  /** A path is not only text: it is also a sequence of names, and on Windows has a backslash. */
  @Test
  void shouldReadAgainThePathsThatItHasPrinted() throws Exception {
    Map<String, Path> paths = new TreeMap<>();
    for (OptionSpec option : new CommandLine(new RelayCommand()).getCommandSpec().options()) {
      if (RelaySettings.isSetting(option) && option.type() == Path.class) {
        paths.put(option.longestName().substring(2), folder.resolve("a b\\c"));
      }
    }
    assertThat(paths).containsKeys("data", "tokens", "jwt-key", "tls-certificate", "tls-keystore");
    StringBuilder content = new StringBuilder();
    paths.forEach(
        (name, path) ->
            content.append(name + " = " + path.toString().replace("\\", "\\\\") + "\n"));

    Properties again = new Properties();
    again.load(new StringReader(printed(Map.of(), file(content.toString()))));

    paths.forEach(
        (name, path) -> assertThat(again.getProperty(name)).as(name).isEqualTo(path.toString()));
  }

  @Test
  void shouldSayOfEachSettingWhatItIsUnlessSetAndInWhichUnit() throws Exception {
    String printed = printed(Map.of(), file("port = 1\nmax-per-address = 7\n"));

    assertThat(printed)
        .contains("default: relay in $WEFT_HOME or ~/.weft).\n# from the default\n#data =\n")
        .contains("default: 7700).\n# from " + folder.resolve("relay.properties") + "\nport = 1\n")
        .contains("(default: 1000; all where only this machine can connect).")
        .contains("# How many seconds stopping in good order may take (default: 10).\n")
        .doesNotContain("see below")
        .doesNotContain("$$");
  }

  @Test
  void shouldPrintNoValueThatItWouldNotStartWith() {
    assertThat(weft.run("relay", "--print-config", "--max-connections", "0")).isEqualTo(2);
    assertThat(weft.run("relay", "--print-config", "--origins", "nowhere")).isEqualTo(2);
    assertThat(weft.run("relay", "--print-config", "--operations", ":1")).isEqualTo(2);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err())
        .startsWith("weft: --max-connections must be from 1 to 1000000, is 0")
        .contains("--origins: an origin is")
        .contains("--operations must be [HOST:]PORT, is ':1'");
  }

  @Test
  void shouldNotShowThePasswordOfACluster() throws Exception {
    String printed =
        printed(Map.of(), file("cluster = jdbc:postgresql://h/d?user=u&password=hunter2\n"));

    assertThat(printed).contains("\ncluster = ").doesNotContain("hunter2");
  }

  @Test
  void shouldSayWhichSettingThereIsNot() throws Exception {
    assertThatThrownBy(() -> printed(Map.of(), file("prot = 7\n")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("relay.properties: there is no setting 'prot'");
    assertThatThrownBy(() -> printed(Map.of("WEFT_RELAY_PROT", "7"), null))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("variable WEFT_RELAY_PROT");
    // What says something of one run alone is none.
    assertThatThrownBy(() -> printed(Map.of(), file("print-config = true\n")))
        .isInstanceOf(CommandFailure.class);
  }

  @Test
  void shouldSayWhichFileCannotBeRead() {
    assertThat(weft.run("relay", "--config", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(weft.err())
        .isEqualTo(
            "weft: cannot read the settings in "
                + folder.resolve("none")
                + ": there is no such file\n");
  }

  @Test
  void shouldSayThatTheFileIsNoText() throws Exception {
    Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});

    assertThat(weft.run("relay", "--config", file.toString())).isEqualTo(1);
    assertThat(weft.err())
        .isEqualTo("weft: cannot read the settings in " + file + ": it is no text in UTF-8\n");
  }

  @Test
  void shouldSayWhereAWrongValueIsFrom() throws Exception {
    Path file = file("# ours\nport=1\n\nport = abc\ndrain-within: 0\ndata = /none\n");
    assertThat(weft.run("relay", "--config", file.toString())).isEqualTo(2);
    assertThat(weft.run("relay", "--config", file.toString(), "--port", "0")).isEqualTo(2);
    assertThat(
            weft.run(
                "relay",
                "--config",
                file.toString(),
                "--port=0",
                "--drain-within=1",
                "--cluster=jdbc:postgresql:x"))
        .isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: Invalid value for option '--port': 'abc' is not an int (--port is from "
                + file
                + ", line 4) (try 'weft relay --help')",
            "weft: --drain-within must be from 1 to 3600, is 0 (--drain-within is from "
                + file
                + ", line 5) (try 'weft relay --help')",
            "weft: with --cluster documents are kept in its database, not in --data (--data is from "
                + file
                + ", line 6) (try 'weft relay --help')");
  }

  @Test
  void shouldNameTheVariableThatAWrongValueIsFrom() throws Exception {
    CommandLine line = new CommandLine(new RelayCommand());
    RelaySettings settings =
        RelaySettings.read(
            line.getCommandSpec(), Map.of("WEFT_RELAY_PORT", "abc"), file("port = 2\n"));
    String sentence = "Invalid value for option '--port'";

    assertThat(settings.withOrigins(sentence, line.parseArgs()))
        .isEqualTo(sentence + " (--port is from WEFT_RELAY_PORT)");
    assertThat(settings.withOrigins(sentence, line.parseArgs("--port", "3"))).isEqualTo(sentence);
  }

  /** An empty host would be this machine's, and empty tokens those of a file that has no name. */
  @Test
  void shouldNotTakeNothingForAValue() throws Exception {
    Path file = file("port = 0\ntokens =\n");
    assertThat(weft.run("relay", "--config", file.toString())).isEqualTo(1);
    assertThat(weft.run("relay", "--host", "")).isEqualTo(2);
    assertThatThrownBy(() -> printed(Map.of("WEFT_RELAY_HOST", ""), null))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("WEFT_RELAY_HOST: host has no value; to have none, leave it out");

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: " + file + ", line 2: tokens has no value; to have none, leave it out",
            "weft: --host must not be empty (try 'weft relay --help')");
    assertThat(printed(Map.of("WEFT_RELAY_ORIGINS", ""), file("proxies =\n")))
        .contains("\nproxies = \n");
  }

  @Test
  void shouldSayWhichValueIsWrongAndWhatItMayBe() throws Exception {
    Path file = file("max-connections = many\n");
    assertThat(weft.run("relay", "--config", file.toString())).isEqualTo(2);
    assertThat(weft.err()).contains("--max-connections").contains("many");

    CommandRun other = new CommandRun();
    assertThat(other.run("relay", "--drain-within", "0")).isEqualTo(2);
    assertThat(other.err()).contains("--drain-within must be from 1 to 3600, is 0");

    CommandRun third = new CommandRun();
    assertThat(third.run("relay", "--operations", "nowhere")).isEqualTo(2);
    assertThat(third.err()).contains("--operations must be [HOST:]PORT, is 'nowhere'");
  }

  @Test
  void shouldPrintSettingsAndStartNothing() {
    assertThat(weft.run("relay", "--print-config", "--port", "0")).isZero();
    assertThat(weft.out()).contains("# from the command line\nport = 0\n");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldRefuseToLetEverybodyInFromElsewhereUnlessThatIsMeant() {
    Path data = folder.resolve("data");
    assertThat(weft.run("relay", "--host", "0.0.0.0", "--port", "0", "--data", data.toString()))
        .isEqualTo(1);
    assertThat(weft.err())
        .startsWith("weft: refuses to listen on 0.0.0.0 without asking who clients are");
  }
}
