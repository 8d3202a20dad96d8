package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command of an installed version, which docs/OPERATIONS.md says how to make. */
@DisabledOnOs(OS.WINDOWS)
class InstalledCommandTest {
  private static final Path SCRIPT =
      Path.of("..", "..", "sync-transport", "relay", "ops", "weft").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private Path java;

  /** In Java's place stands what tells how it was called. */
  @BeforeEach
  void install() throws IOException {
    java = Files.createDirectories(folder.resolve("a java"));
    Path program = Files.createDirectory(java.resolve("bin")).resolve("java");
    Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String version : List.of("one", "two")) {
      Path installed = Files.createDirectory(folder.resolve(version));
      Files.copy(SCRIPT, installed.resolve("weft"));
    }
  }

  private List<String> run(Path command, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(command.toString()), Stream.of(arguments)).toList());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("WEFT_JAVA_OPTS", "-Xmx2g -Dx=y");
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines;
  }

  /** A relay that runs would else load the rest of its classes from another version. */
  @Test
  void shouldRunTheVersionThatALinkPointsToAndStayWithIt() throws Exception {
    Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("one"));
    Path link = Files.createSymbolicLink(folder.resolve("weft"), current.resolve("weft"));

    assertThat(run(link, "store", "check", "a dir"))
        .containsExactly(
            "-Xmx2g",
            "-Dx=y",
            "-cp",
            folder.toRealPath() + "/one/lib/*",
            "dev.weft.cli.Weft",
            "store",
            "check",
            "a dir");

    Files.delete(current);
    Files.createSymbolicLink(current, Path.of("two"));
    assertThat(run(link)).contains(folder.toRealPath() + "/two/lib/*");
  }
}
