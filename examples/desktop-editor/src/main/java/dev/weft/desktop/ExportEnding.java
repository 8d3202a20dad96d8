package dev.weft.desktop;

import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.io.File;
import javax.swing.JFileChooser;
import javax.swing.filechooser.FileFilter;
import javax.swing.plaf.basic.BasicFileChooserUI;
import org.jspecify.annotations.Nullable;

/**
 * The ending of a file's name, by which it is exported as text or with its history: in a dialog it
 * goes with the file type that is chosen there, while the rest of the name is the person's.
 * Confined to the event dispatch thread.
 */
final class ExportEnding implements PropertyChangeListener {
  private static final String TEXT = ".txt";
  private static final String WITH_HISTORY = ".weft";

  private final FileFilter history;

  /** The name that was given its ending here last, and what it was before; null for none. */
  private @Nullable String ended;

  private String before = "";

  private ExportEnding(FileFilter history) {
    this.history = history;
  }

  /**
   * Has the ending of the name in a dialog go with the file type from now on.
   *
   * @param history the type that has the history; all others have the text alone
   */
  static void follow(JFileChooser chooser, FileFilter history) {
    chooser.addPropertyChangeListener(
        JFileChooser.FILE_FILTER_CHANGED_PROPERTY, new ExportEnding(history));
  }

  /** Returns the name under which a document's text is exported if the person has no other. */
  static String suggested(String document) {
    return document.contains(".") ? document : document + TEXT;
  }

  static boolean isWithHistory(String name) {
    return hasEnding(name, WITH_HISTORY);
  }

  /** Returns a name by which the history is exported too. */
  static String withHistory(String name) {
    return isWithHistory(name) ? name : without(TEXT, name) + WITH_HISTORY;
  }

  private static String asText(String name) {
    return isWithHistory(name) ? suggested(without(WITH_HISTORY, name)) : name;
  }

  private static String without(String ending, String name) {
    return hasEnding(name, ending) ? name.substring(0, name.length() - ending.length()) : name;
  }

  private static boolean hasEnding(String name, String ending) {
    int start = name.length() - ending.length();
    return name.regionMatches(true, start, ending, 0, ending.length());
  }

  @Override
  public void propertyChange(PropertyChangeEvent event) {
    JFileChooser chooser = (JFileChooser) event.getSource();
    Object type = event.getNewValue();
    // A pattern, where somebody has entered one, is a type of its own and says nothing of endings.
    boolean isKnown = type == history || type == chooser.getAcceptAllFileFilter();
    // What is typed stands in the field alone: the chooser's file is the one that was clicked last.
    if (isKnown && chooser.getUI() instanceof BasicFileChooserUI field) {
      String name = field.getFileName();
      if (name != null && isNameOfFile(name, chooser.getCurrentDirectory())) {
        String wanted = type == history ? endedWithHistory(name) : endedAsText(name);
        if (!wanted.equals(name)) {
          // The list would go on showing that one as chosen.
          chooser.setSelectedFile(null);
          field.setFileName(wanted);
        }
      }
    }
  }

  private static boolean isNameOfFile(String name, File directory) {
    File file = new File(name);
    File whole = file.isAbsolute() ? file : new File(directory, name);
    boolean isPattern = name.contains("*") || name.contains("?");
    return !name.isEmpty() && !isPattern && !name.endsWith(File.separator) && !whole.isDirectory();
  }

  private String endedWithHistory(String name) {
    String wanted = withHistory(name);
    if (!wanted.equals(name)) {
      before = name;
      ended = wanted;
    }
    return wanted;
  }

  /**
   * Whoever only looks at the other type has back what it was, whether or not that had an ending.
   */
  private String endedAsText(String name) {
    return name.equals(ended) ? before : asText(name);
  }
}
