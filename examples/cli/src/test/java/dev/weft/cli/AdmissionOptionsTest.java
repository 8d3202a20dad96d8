package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told who says wrongly whom a relay lets in. */
class AdmissionOptionsTest {
  @TempDir private Path folder;
  private final CommandRun weft = new CommandRun();

  private int relay(String... options) {
    List<String> arguments = new ArrayList<>(List.of("relay", "--port", "0"));
    arguments.addAll(List.of("--data", folder.resolve("data").toString()));
    arguments.addAll(List.of(options));
    return weft.run(arguments.toArray(String[]::new));
  }

  @Test
  void shouldSayWhichFileOfTokensCannotBeUsedAndWhere() throws IOException {
    Path file =
        Files.writeString(folder.resolve("tokens"), "# the team\nada not-a-digest write:*\n");

    assertThat(relay("--tokens", file.toString())).isEqualTo(1);
    assertThat(weft.err()).startsWith("weft: " + file + ", line 2: ");
  }

  @ParameterizedTest
  @CsvSource({
    "--tls-certificate empty --tls-key none, none: there is no such file",
    "--tls-certificate empty --tls-key empty, empty: ",
    "--tls-keystore none --tls-keystore-password empty, none: there is no such file",
    "--tls-keystore empty --tls-keystore-password empty, empty: it is no keystore that",
    "--tokens none, none: there is no such file",
  })
  void shouldSayWhichFileCannotBeUsedAndWhy(String options, String reason) throws IOException {
    Files.createFile(folder.resolve("empty"));
    String[] arguments = options.split(" ", -1);
    for (int i = 1; i < arguments.length; i += 2) {
      arguments[i] = folder.resolve(arguments[i]).toString();
    }

    assertThat(relay(arguments)).isEqualTo(1);
    assertThat(weft.err().lines())
        .singleElement()
        .asString()
        .startsWith("weft: " + folder.resolve(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "--tls-key k, --tls-certificate and --tls-key go together",
    "--tls-keystore k, --tls-keystore and --tls-keystore-password go together",
    "--jwt-issuer i, to let in by JWT give --jwt-issuer",
    "--jwt-secret s, to let in by JWT give --jwt-issuer",
    "--tokens t --jwt-secret s, choose --tokens or --jwt-",
    "--tls-key k --tls-keystore s, choose --tls-certificate and --tls-key or --tls-keystore",
  })
  void shouldSayWhatDoesNotGoTogether(String options, String reason) {
    assertThat(relay(options.split(" ", -1))).isEqualTo(2);
    assertThat(weft.err().replace(",", "")).contains(reason);
  }
}
