package dev.weft.cli;

import dev.weft.relay.AccessRule;
import dev.weft.relay.TokenFile;
import dev.weft.relay.UnusableFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weft token}: makes a token, and lets its bearer in. */
@Command(
    name = "token",
    description = "Makes a token and adds its bearer to the file of a relay's --tokens.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints the token, and nothing else, on standard output: it is shown only now, for the file has"
          + " its digest. Hand it to its bearer, whose commands take it from $$WEFT_TOKEN or"
          + " --token-file. A relay that runs reads the file again by itself; to take a token back,"
          + " delete its line. A name may have several tokens, so that a new one can be handed out"
          + " before the old one goes: the newest is the last.",
      "",
      "A RULE is write:DOCUMENTS, read:DOCUMENTS or none:DOCUMENTS, where * stands for any characters;"
          + " the first that fits a document counts. Without any it is write:*."
    })
final class TokenCommand implements Callable<Integer> {
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "Who bears it, without blanks.")
  private String name;

  @Parameters(index = "1..*", paramLabel = "RULE", description = "What the bearer may do.")
  private List<String> rules = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      required = true,
      defaultValue = "${env:WEFT_RELAY_TOKENS}",
      description = "The file, which is made if there is none (default: $$WEFT_RELAY_TOKENS).")
  private Path file;

  @Option(
      names = "--expires",
      paramLabel = "INSTANT",
      converter = End.class,
      description = "Until when it is good, as 2027-01-31T12:00:00Z (default: without end).")
  private @Nullable Instant expires;

  @Override
  public Integer call() throws CommandFailure {
    Instant now = Instant.now();
    if (expires != null && !expires.isAfter(now)) {
      throw new ParameterException(
          spec.commandLine(),
          "--expires must be in the future, is "
              + expires
              + ", and it is "
              + now.truncatedTo(ChronoUnit.SECONDS));
    }
    String token = TokenFile.newToken(new SecureRandom());
    String line;
    try {
      List<String> asked = rules.isEmpty() ? List.of("write:*") : rules;
      line = TokenFile.line(name, token, expires, asked.stream().map(AccessRule::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    List<Integer> earlier;
    try {
      earlier = add(line);
    } catch (UnusableFileException e) {
      throw new CommandFailure(e.getMessage() + "; nothing was added", e);
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot add a line to " + file + ": " + FileTrouble.describe(file, e), e);
    }
    spec.commandLine().getOut().println(token);
    if (!earlier.isEmpty()) {
      warnOfEarlier(earlier);
    }
    return CommandLine.ExitCode.OK;
  }

  private void warnOfEarlier(List<Integer> lines) {
    String which = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    boolean one = lines.size() == 1;
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "weft: %s has %s in %s already (%s %s), which %s still good; the new one is in the last"
            + " line%n",
        name,
        one ? "another token" : "other tokens",
        file,
        one ? "line" : "lines",
        which,
        one ? "is" : "are");
    err.flush();
  }

  /**
   * Puts a whole new file in the place of the old one: a relay may read it at any time.
   *
   * @return which lines, counted from 1, have been of the same name before
   */
  private List<Integer> add(String line) throws IOException {
    Path target = file;
    String before = "";
    try {
      // What it links to is to be replaced, and not the link.
      target = file.toRealPath();
      TokenFile.open(target).close();
      before = Files.readString(target, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      target = file.toAbsolutePath();
      before = "# name, SHA-256 of the token, [expires=INSTANT], rules\n";
    }
    String end = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
    Path beside = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.createFile(beside, forOwner(beside));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          beside + " is there: another command writes the file, or was cut short; delete it then",
          e);
    }
    try {
      Files.writeString(beside, before + end + line + "\n");
      keepPermissions(target, beside);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
    return linesOf(name, before);
  }

  private static List<Integer> linesOf(String name, String text) {
    List<String> lines = text.lines().toList();
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).strip().split("[ \t]", 2)[0].equals(name))
        .mapToObj(i -> i + 1)
        .toList();
  }

  private static FileAttribute<?>[] forOwner(Path file) throws IOException {
    return isPosix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** The relay may run as another user than its operator: what it could read, it is to read. */
  private static void keepPermissions(Path from, Path to) throws IOException {
    if (!isPosix(from) || !Files.exists(from)) {
      return;
    }
    PosixFileAttributes before = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributes now = Files.readAttributes(to, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (!now.owner().equals(before.owner())) {
      view.setOwner(before.owner());
    }
    if (!now.group().equals(before.group())) {
      view.setGroup(before.group());
    }
    view.setPermissions(before.permissions());
  }

  /** Reads an instant. */
  static final class End implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return Instant.parse(value);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "an instant is given as 2027-01-31T12:00:00Z, not '" + value + "'");
      }
    }
  }
}
