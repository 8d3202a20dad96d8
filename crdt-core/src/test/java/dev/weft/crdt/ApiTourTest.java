package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the examples of {@code docs/API.md}, and checks what they say of results. */
class ApiTourTest {
  private static final Path TOUR = Path.of("..", "docs", "API.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLAIM =
      Pattern.compile("^(\\s*)(\\S.*); // is (.+)$", Pattern.MULTILINE);
  private static final int LEAST_CLAIMS = 35;

  @TempDir private Path directory;

  @Test
  void shouldDoWhatTheTourSays() throws Exception {
    String tour = Files.readString(TOUR);
    StringBuilder body = new StringBuilder();
    Matcher examples = EXAMPLE.matcher(tour);
    while (examples.find()) {
      body.append(examples.group(1));
    }
    Matcher claims = CLAIM.matcher(body);
    assertThat(claims.results().count()).isGreaterThanOrEqualTo(LEAST_CLAIMS);
    compile(
        """
        import dev.weft.crdt.*;
        import java.security.SecureRandom;
        import java.util.*;
        import java.util.regex.Pattern;

        public class Tour {
          static final List<String> WRONG = new ArrayList<>();

          static void is(String call, Object actual, Object expected) {
            if (!Objects.equals(actual, expected)) {
              WRONG.add(call + " is " + actual + ", not " + expected);
            }
          }

          public static List<String> run() throws Exception {
        """
            + claims.reset().replaceAll(ApiTourTest::checked)
            + """
            return WRONG;
          }
        }
        """);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      Object wrong = loader.loadClass("Tour").getMethod("run").invoke(null);
      assertThat((List<?>) wrong).isEmpty();
    }
  }

  private static String checked(MatchResult claim) {
    String call = claim.group(2).replace("\\", "\\\\").replace("\"", "\\\"");
    return Matcher.quoteReplacement(
        claim.group(1) + "is(\"" + call + "\", " + claim.group(2) + ", " + claim.group(3) + ");");
  }

  private void compile(String source) throws Exception {
    Path file = directory.resolve("Tour.java");
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            messages,
            messages,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            directory.toString(),
            file.toString());
    assertThat(status).as(messages.toString(StandardCharsets.UTF_8) + source).isZero();
  }
}
