package dev.weft.desktop;

import static java.util.Map.entry;

import dev.weft.store.DocumentId;
import java.util.Locale;
import java.util.Map;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;

/** Which syntax a document is colored by, told by the end of its name. Stateless. */
final class SyntaxByName {
  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          entry("c", SyntaxConstants.SYNTAX_STYLE_C),
          entry("h", SyntaxConstants.SYNTAX_STYLE_C),
          entry("cc", SyntaxConstants.SYNTAX_STYLE_CPLUSPLUS),
          entry("cpp", SyntaxConstants.SYNTAX_STYLE_CPLUSPLUS),
          entry("hpp", SyntaxConstants.SYNTAX_STYLE_CPLUSPLUS),
          entry("cs", SyntaxConstants.SYNTAX_STYLE_CSHARP),
          entry("css", SyntaxConstants.SYNTAX_STYLE_CSS),
          entry("csv", SyntaxConstants.SYNTAX_STYLE_CSV),
          entry("go", SyntaxConstants.SYNTAX_STYLE_GO),
          entry("groovy", SyntaxConstants.SYNTAX_STYLE_GROOVY),
          entry("gradle", SyntaxConstants.SYNTAX_STYLE_GROOVY),
          entry("htm", SyntaxConstants.SYNTAX_STYLE_HTML),
          entry("html", SyntaxConstants.SYNTAX_STYLE_HTML),
          entry("ini", SyntaxConstants.SYNTAX_STYLE_INI),
          entry("java", SyntaxConstants.SYNTAX_STYLE_JAVA),
          entry("js", SyntaxConstants.SYNTAX_STYLE_JAVASCRIPT),
          entry("mjs", SyntaxConstants.SYNTAX_STYLE_JAVASCRIPT),
          entry("json", SyntaxConstants.SYNTAX_STYLE_JSON),
          entry("kt", SyntaxConstants.SYNTAX_STYLE_KOTLIN),
          entry("kts", SyntaxConstants.SYNTAX_STYLE_KOTLIN),
          entry("lua", SyntaxConstants.SYNTAX_STYLE_LUA),
          entry("md", SyntaxConstants.SYNTAX_STYLE_MARKDOWN),
          entry("php", SyntaxConstants.SYNTAX_STYLE_PHP),
          entry("pl", SyntaxConstants.SYNTAX_STYLE_PERL),
          entry("properties", SyntaxConstants.SYNTAX_STYLE_PROPERTIES_FILE),
          entry("proto", SyntaxConstants.SYNTAX_STYLE_PROTO),
          entry("py", SyntaxConstants.SYNTAX_STYLE_PYTHON),
          entry("rb", SyntaxConstants.SYNTAX_STYLE_RUBY),
          entry("rs", SyntaxConstants.SYNTAX_STYLE_RUST),
          entry("scala", SyntaxConstants.SYNTAX_STYLE_SCALA),
          entry("sh", SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL),
          entry("sql", SyntaxConstants.SYNTAX_STYLE_SQL),
          entry("tex", SyntaxConstants.SYNTAX_STYLE_LATEX),
          entry("ts", SyntaxConstants.SYNTAX_STYLE_TYPESCRIPT),
          entry("tsx", SyntaxConstants.SYNTAX_STYLE_TYPESCRIPT),
          entry("xml", SyntaxConstants.SYNTAX_STYLE_XML),
          entry("yaml", SyntaxConstants.SYNTAX_STYLE_YAML),
          entry("yml", SyntaxConstants.SYNTAX_STYLE_YAML));

  private SyntaxByName() {}

  /** Returns the style of RSyntaxTextArea for a document; that of plain text if none is known. */
  static String of(DocumentId document) {
    String name = document.value();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, SyntaxConstants.SYNTAX_STYLE_NONE);
  }
}
