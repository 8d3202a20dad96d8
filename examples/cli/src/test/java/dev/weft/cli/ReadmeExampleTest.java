package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.relay.RelayServer;
import dev.weft.store.SqliteChangeStore;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the embedding example of the README, against a real relay. */
class ReadmeExampleTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final int MAX_LINES = 20;

  @TempDir private Path directory;

  @Test
  void shouldCompileAndSaveToARelay() throws Exception {
    try (SqliteChangeStore store =
            SqliteChangeStore.open(directory.resolve("relay"), new SecureRandom());
        RelayServer relay = RelayServer.builder().port(0).store(store).build()) {
      relay.start();
      String example =
          readExample()
              .replace("ws://localhost:7700", "ws://" + relay.uri().getAuthority())
              .replace("\"hello-store\"", "\"" + directory.resolve("hello-store") + "\"");

      compile(example);
      String output = run();

      assertThat(output).contains("LOCAL").contains("FSYNCED").contains("typed: at once, here; ");
    }
  }

  @Test
  void shouldStayShortEnoughToRead() throws Exception {
    assertThat(readExample().lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(MAX_LINES);
  }

  private static String readExample() throws Exception {
    Matcher matcher = EXAMPLE.matcher(Files.readString(README));
    assertThat(matcher.find()).as("a java block in %s", README).isTrue();
    return matcher.group(1);
  }

  private void compile(String example) throws Exception {
    Path source = directory.resolve("Hello.java");
    Files.writeString(source, example);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            messages,
            messages,
            "-Xlint:all",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            directory.toString(),
            source.toString());
    assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
  }

  private String run() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                directory + File.pathSeparator + System.getProperty("java.class.path"),
                "Hello")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
