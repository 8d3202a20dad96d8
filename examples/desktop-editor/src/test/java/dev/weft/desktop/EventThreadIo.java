package dev.weft.desktop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Records, by the JVM's own events, which files and sockets the event dispatch thread reads and
 * writes on the project's behalf. Loading a class or a resource reads its jar, on whichever thread
 * needs it first: that is left out.
 */
final class EventThreadIo implements AutoCloseable {
  private static final List<String> KINDS =
      List.of(
          "jdk.FileRead", "jdk.FileWrite", "jdk.FileForce", "jdk.SocketRead", "jdk.SocketWrite");

  private final Recording recording = new Recording();
  private final Path file;

  /** Begins to record, into a file that does not exist yet. */
  EventThreadIo(Path file) {
    this.file = file;
    for (String kind : KINDS) {
      recording.enable(kind).withThreshold(Duration.ZERO).withStackTrace();
    }
    recording.start();
  }

  /** Ends the recording. */
  Seen end() throws IOException {
    recording.stop();
    recording.dump(file);
    int all = 0;
    List<String> onEventThread = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (KINDS.contains(event.getEventType().getName())) {
        all++;
        if (isOnEventThread(event) && isOurs(event)) {
          onEventThread.add(event.toString());
        }
      }
    }
    return new Seen(all, onEventThread);
  }

  @Override
  public void close() {
    recording.close();
  }

  /**
   * What was recorded.
   *
   * @param all how much was read and written by any thread
   * @param onEventThread what the event dispatch thread did of it
   */
  record Seen(int all, List<String> onEventThread) {}

  private static boolean isOnEventThread(RecordedEvent event) {
    return event.getThread() != null
        && event.getThread().getJavaName() != null
        && event.getThread().getJavaName().startsWith("AWT-EventQueue");
  }

  private static boolean isOurs(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return true;
    }
    boolean ours = false;
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String type = frame.getMethod().getType().getName();
      if (type.startsWith("java.lang.ClassLoader")
          || type.startsWith("jdk.internal.loader.")
          || type.startsWith("java.util.ResourceBundle")) {
        return false;
      }
      ours |= type.startsWith("dev.weft.");
    }
    return ours;
  }
}
