package dev.weft.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.bench.ProjectFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The libraries from npm, installed in the versions that {@code benchmarks/peers/package-lock.json}
 * pins, and the Node that runs them.
 */
public final class NodePeers {
  private static final String NODE = "node";
  private static final int LEAST_MAJOR = 18;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*");

  /** The heap that Automerge needs on a long trace is more than Node's own default. */
  private static final String HEAP = "--max-old-space-size=6144";

  private final Path folder;
  private final String version;

  private NodePeers(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  /** Returns Node's version as it tells it. */
  String version() {
    return version;
  }

  /** Says in one sentence what is not measured, and why. */
  public static final class MissingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String sentence;

    MissingException(List<String> titles, String reason) {
      super(reason);
      this.reason = reason;
      sentence = "not measured, since " + reason + ": " + String.join(", ", titles);
    }

    /** Returns why, as a part of a sentence. */
    String reason() {
      return reason;
    }

    /** Returns what is not measured, and why. */
    public String sentence() {
      return sentence;
    }
  }

  /**
   * Finds Node, and installs the libraries where they are missing or of another version.
   *
   * @throws MissingException if they cannot be run here
   */
  static NodePeers open(Set<Library> libraries) throws IOException, MissingException {
    return open(libraries, NODE);
  }

  static NodePeers open(Set<Library> libraries, String node) throws IOException, MissingException {
    List<String> titles =
        libraries.stream()
            .filter(library -> library.npmPackage().isPresent())
            .map(Library::title)
            .toList();
    return open(titles, node);
  }

  /**
   * Finds Node, and installs what is pinned where it is missing or of another version.
   *
   * @param titles how what needs it is called
   * @throws MissingException if it cannot be run here
   */
  public static NodePeers open(List<String> titles) throws IOException, MissingException {
    return open(titles, NODE);
  }

  private static NodePeers open(List<String> titles, String node)
      throws IOException, MissingException {
    Path folder = folder();
    String version = output(titles, folder, node, "--version");
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < LEAST_MAJOR) {
      throw new MissingException(
          titles, "Node " + LEAST_MAJOR + " or newer is needed, and this one is " + version);
    }
    if (!isInstalled(folder)) {
      output(titles, folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
      Files.writeString(stamp(folder), pinned(folder));
    }
    return new NodePeers(folder, version);
  }

  /** Returns the versions that are pinned, by npm's name of the package. */
  static Map<String, String> versions() throws IOException {
    Map<String, String> versions = new HashMap<>();
    try (JsonParser json =
        new JsonFactory().createParser(folder().resolve("package.json").toFile())) {
      boolean inside = false;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().equals("dependencies")) {
          inside = true;
        } else if (token == JsonToken.END_OBJECT) {
          inside = false;
        } else if (inside && token == JsonToken.VALUE_STRING) {
          versions.put(json.currentName(), json.getText());
        }
      }
    }
    return versions;
  }

  /** Returns the command that measures a library on a prepared trace. */
  List<String> command(Library library, Path prepared, Plan plan) {
    List<String> arguments = new ArrayList<>();
    arguments.add(library.toString());
    arguments.add(prepared.toString());
    arguments.addAll(plan.arguments());
    return command("peers.mjs", arguments);
  }

  /** Returns the command that runs a script of {@code benchmarks/peers}. */
  public List<String> command(String script, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(NODE);
    command.add(HEAP);
    command.add(folder.resolve(script).toString());
    command.addAll(arguments);
    return command;
  }

  private static Path folder() {
    return ProjectFolder.path().resolve("benchmarks").resolve("peers");
  }

  private static Path stamp(Path folder) {
    return folder.resolve("node_modules").resolve(".weft-installed");
  }

  private static String pinned(Path folder) throws IOException {
    return Files.readString(folder.resolve("package-lock.json"));
  }

  private static boolean isInstalled(Path folder) throws IOException {
    Path stamp = stamp(folder);
    return Files.exists(stamp) && Files.readString(stamp).equals(pinned(folder));
  }

  private static String output(List<String> titles, Path folder, String... command)
      throws IOException, MissingException {
    Process process;
    try {
      process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new MissingException(
          titles,
          "there is no " + command[0] + " on the PATH (Node " + LEAST_MAJOR + " or newer has it)");
    }
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.onExit().join().exitValue() != 0) {
      throw new MissingException(
          titles,
          String.join(" ", command) + " failed: " + said.lines().findFirst().orElse("silently"));
    }
    return said;
  }
}
