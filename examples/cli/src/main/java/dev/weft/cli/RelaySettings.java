package dev.weft.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * Where the settings of a relay come from: each is an option, and what the command line does not
 * say is taken from the environment, then from a file, and else is the default. One name serves all
 * three: {@code --max-connections}, {@code WEFT_RELAY_MAX_CONNECTIONS}, {@code max-connections =
 * 500}.
 */
final class RelaySettings implements IDefaultValueProvider {
  private static final Pattern OPTION = Pattern.compile("--([a-z][a-z-]*[a-z])");
  private static final String ENVIRONMENT_PREFIX = "WEFT_RELAY_";

  /** What begins like a setting's variable and is none: where they are, and what goes to Java. */
  private static final Set<String> NOT_SETTINGS = Set.of("config", "java-opts");

  private final Map<String, String> environment;
  private final @Nullable Path file;
  private final Map<String, String> inFile;
  private final Map<String, Integer> lines;

  private RelaySettings(
      Map<String, String> environment,
      @Nullable Path file,
      Map<String, String> inFile,
      Map<String, Integer> lines) {
    this.environment = environment;
    this.file = file;
    this.inFile = inFile;
    this.lines = lines;
  }

  /** Marks an option that is no setting: it says something of this run alone. */
  static boolean isSetting(OptionSpec option) {
    return !option.usageHelp()
        && !option.versionHelp()
        && option.userObject() instanceof Field field
        && field.isAnnotationPresent(Option.class)
        && !field.isAnnotationPresent(OfThisRun.class);
  }

  /** An option that is not taken from a file or the environment. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface OfThisRun {}

  /**
   * Reads the settings that are not on the command line.
   *
   * @param spec whose options they are
   * @param file a file of {@code name = value} lines; null for none
   * @throws CommandFailure if the file cannot be read, or either has a setting that there is not,
   *     or one without a value
   */
  static RelaySettings read(CommandSpec spec, Map<String, String> environment, @Nullable Path file)
      throws CommandFailure {
    String text = file == null ? "" : text(file);
    Map<String, String> inFile = file == null ? Map.of() : parse(file, text);
    Map<String, String> set = new LinkedHashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            set.put(nameOfVariable(name), value);
          }
        });
    set.keySet().removeAll(NOT_SETTINGS);
    requireKnown(spec, inFile, name -> file + ": there is no setting '" + name + "'");
    requireKnown(
        spec, set, name -> "there is no setting for the environment's variable " + variable(name));
    RelaySettings settings = new RelaySettings(set, file, inFile, lines(text, inFile.keySet()));
    settings.requireValues(spec);
    return settings;
  }

  private static String text(Path file) throws CommandFailure {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot read the settings in " + file + ": " + FileTrouble.describe(file, e), e);
    }
  }

  private static Map<String, String> parse(Path file, String text) throws CommandFailure {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("cannot read the settings in " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> read = new LinkedHashMap<>();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      read.put(name, properties.getProperty(name).strip());
    }
    return read;
  }

  /** Returns in which line each of some settings stands, counted from 1; the last one holds. */
  private static Map<String, Integer> lines(String text, Set<String> names) {
    Map<String, Integer> lines = new HashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String name = line.strip().split("[ \\t=:]", 2)[0];
      if (names.contains(name)) {
        lines.put(name, number);
      }
    }
    return lines;
  }

  /** What has no value would be taken for one that is empty: a file of no name, a host of none. */
  private void requireValues(CommandSpec spec) throws CommandFailure {
    for (OptionSpec option : spec.options()) {
      String origin = elsewhere(name(option));
      if (origin != null && needsValue(option) && "".equals(defaultValue(option))) {
        throw new CommandFailure(
            origin + ": " + name(option) + " has no value; to have none, leave it out");
      }
    }
  }

  /** Returns whether an option that is given has something behind it. */
  static boolean needsValue(OptionSpec option) {
    return option.arity().min() > 0 && !option.isMultiValue();
  }

  private interface Complaint {
    String about(String name);
  }

  private static void requireKnown(CommandSpec spec, Map<String, String> given, Complaint complaint)
      throws CommandFailure {
    for (String name : given.keySet()) {
      OptionSpec option = spec.findOption("--" + name);
      if (option == null || !isSetting(option)) {
        throw new CommandFailure(
            complaint.about(name) + "; 'weft relay --print-config' shows those there are");
      }
    }
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  private static String variable(String name) {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String nameOfVariable(String variable) {
    return variable
        .substring(ENVIRONMENT_PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replace('_', '-');
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !isSetting(option)) {
      return null;
    }
    String name = name(option);
    String ofEnvironment = environment.get(name);
    String value = ofEnvironment == null ? inFile.get(name) : ofEnvironment;
    // None of many would be read as one that is empty.
    return value != null && value.isEmpty() && option.isMultiValue() ? null : value;
  }

  /**
   * Prints all settings as a file has them, each with where it is from.
   *
   * @param spec the options as they are set
   * @param plain the same options, as they are described where nothing is set
   */
  void print(CommandSpec spec, CommandSpec plain, PrintWriter out) {
    Set<String> onCommandLine = new HashSet<>();
    spec.commandLine()
        .getParseResult()
        .matchedOptions()
        .forEach(option -> onCommandLine.add(name(option)));
    out.println("# Settings of weft relay. Each may be --NAME, " + ENVIRONMENT_PREFIX + "NAME, or");
    out.println("# a line of the file that --config names; what comes first of these holds.");
    for (OptionSpec option : spec.options()) {
      if (isSetting(option)) {
        out.println();
        // With what is set it would call that the default.
        out.println("# " + described(plain.findOption(option.longestName())));
        out.println("# from " + origin(name(option), onCommandLine));
        out.println(line(name(option), option.getValue()));
      }
    }
    out.flush();
  }

  private static String described(OptionSpec option) {
    return String.join(" ", option.description()).replace("$$", "$");
  }

  /**
   * Returns a sentence about options with where each of them is set, if not on the command line:
   * who reads it has perhaps never typed the option.
   *
   * @param parsed what stood on the command line
   */
  String withOrigins(String sentence, ParseResult parsed) {
    Set<String> origins = new LinkedHashSet<>();
    Matcher named = OPTION.matcher(sentence);
    while (named.find()) {
      String origin = elsewhere(named.group(1));
      if (origin != null && !parsed.hasMatchedOption(named.group())) {
        origins.add(named.group() + " is from " + origin);
      }
    }
    return origins.isEmpty() ? sentence : sentence + " (" + String.join(", ", origins) + ")";
  }

  /** Returns what other than the command line sets something; null if nothing does. */
  private @Nullable String elsewhere(String name) {
    if (environment.containsKey(name)) {
      return variable(name);
    } else if (!inFile.containsKey(name)) {
      return null;
    }
    Integer line = lines.get(name);
    return line == null ? String.valueOf(file) : file + ", line " + line;
  }

  private String origin(String name, Set<String> onCommandLine) {
    if (onCommandLine.contains(name)) {
      return "the command line";
    } else if (environment.containsKey(name)) {
      return variable(name);
    }
    return inFile.containsKey(name) ? String.valueOf(file) : "the default";
  }

  private static String line(String name, @Nullable Object value) {
    if (value == null) {
      return "#" + name + " =";
    } else if (name.equals("cluster")) {
      return name + " = (not shown, for it may hold a password)";
    }
    // A path is Iterable, too: over its names.
    String written =
        value instanceof Collection<?> many
            ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
            : value.toString();
    return name + " = " + escaped(written);
  }

  /** What a file of properties would read as something else. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }
}
