package dev.weft.cli.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads recorded histories from JSON, plain or gzipped: sequential, concurrent and event-graph
 * traces, and files with many of them. Streams, so that a file costs what its {@link Trace} costs.
 * Thread-safe: it keeps no state.
 */
public final class TraceReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              // A pasted book or a whole document is one string here.
              StreamReadConstraints.builder().maxStringLength(1 << 29).build())
          .build();

  private static final int GZIP_MAGIC = 0x1f8b;

  private TraceReader() {}

  /**
   * Reads a file that holds one trace.
   *
   * @throws TraceFormatException if the file cannot be read or holds something else
   */
  public static Trace read(Path file) throws TraceFormatException {
    return parse(
        file,
        parser -> {
          if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw new TraceFormatException(
                file.getFileName()
                    + ": holds a list of histories, not one trace; `weft conform` replays them");
          }
          return readTrace(parser, String.valueOf(file.getFileName()));
        });
  }

  /**
   * Reads a file that holds a list of traces, or one. Their names are the file's with their index.
   *
   * @throws TraceFormatException if the file cannot be read or holds something else
   */
  public static List<Trace> readAll(Path file) throws TraceFormatException {
    return parse(
        file,
        parser -> {
          String name = String.valueOf(file.getFileName());
          List<Trace> traces = new ArrayList<>();
          if (parser.currentToken() != JsonToken.START_ARRAY) {
            traces.add(readTrace(parser, name));
            return traces;
          }
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            traces.add(readTrace(parser, name + "[" + traces.size() + "]"));
          }
          return traces;
        });
  }

  /** Returns whether bytes are a JSON object with transactions, well-formed up to there. */
  public static boolean hasTransactions(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("txns");
        if (parser.nextToken() == JsonToken.START_ARRAY && found) {
          return true;
        }
        parser.skipChildren();
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static <T> T parse(Path file, Content<T> content) throws TraceFormatException {
    String name = String.valueOf(file.getFileName());
    try (InputStream in = open(file);
        JsonParser parser = JSON.createParser(in)) {
      if (parser.nextToken() == null) {
        throw new TraceFormatException(name + ": is empty");
      }
      T result = content.read(parser);
      if (parser.nextToken() != null) {
        throw new TraceFormatException(name + ": goes on after its end" + at(parser));
      }
      return result;
    } catch (TraceFormatException e) {
      throw e;
    } catch (StreamConstraintsException e) {
      throw new TraceFormatException(name + ": too large: " + e.getOriginalMessage(), e);
    } catch (StreamReadException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new TraceFormatException(name + ": not valid JSON" + where + ": " + reason(e), e);
    } catch (NoSuchFileException e) {
      throw new TraceFormatException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new TraceFormatException(file + ": may not be read", e);
    } catch (EOFException e) {
      throw new TraceFormatException(name + ": cut off: the gzip data ends too early", e);
    } catch (ZipException e) {
      throw new TraceFormatException(name + ": damaged gzip data: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new TraceFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new TraceFormatException(file + ": is a directory, not a trace");
    }
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      int magic = in.read() << 8 | in.read();
      in.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static Trace readTrace(JsonParser parser, String name) throws IOException {
    expect(parser, name, JsonToken.START_OBJECT, "an object with txns");
    TraceBuilder trace = new TraceBuilder(name);
    boolean transactions = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "startContent" -> trace.startContent(text(parser, name));
        case "endContent" -> trace.endContent(string(parser, name));
        case "kind" -> {
          String kind = string(parser, name);
          if (!kind.equals("concurrent")) {
            throw new TraceFormatException(
                name + ": kind is \"" + kind + "\", expected \"concurrent\" or none" + at(parser));
          }
          trace.concurrent();
        }
        case "numAgents" -> trace.agentCount(number(parser, name, "numAgents"));
        case "txns" -> {
          expect(parser, name, JsonToken.START_ARRAY, "a list of transactions");
          transactions = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            readTransaction(parser, name, trace);
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (!transactions) {
      throw new TraceFormatException(name + ": not a trace: it has no txns");
    }
    return trace.build();
  }

  private static void readTransaction(JsonParser parser, String name, TraceBuilder trace)
      throws IOException {
    expect(parser, name, JsonToken.START_OBJECT, "a transaction");
    TransactionHead head = new TransactionHead();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "agent" -> {
          if (parser.currentToken() == JsonToken.VALUE_STRING) {
            head.agentName = parser.getText();
          } else {
            head.agentNumber = number(parser, name, "an agent");
          }
        }
        case "seqStart" -> head.sequence = number(parser, name, "seqStart");
        case "span" -> {
          expect(parser, name, JsonToken.START_ARRAY, "a span [from, to)");
          head.spanStart = nextNumber(parser, name, "a span's first event");
          head.spanEnd = nextNumber(parser, name, "a span's end");
          parser.nextToken();
          expect(parser, name, JsonToken.END_ARRAY, "the end of the span [from, to)");
        }
        case "parents" -> {
          expect(parser, name, JsonToken.START_ARRAY, "a list of parents");
          IntColumn parents = new IntColumn();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            parents.add(number(parser, name, "a parent"));
          }
          head.parents = parents;
        }
        case "patches", "ops" -> {
          expect(parser, name, JsonToken.START_ARRAY, "a list of patches");
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            readPatch(parser, name, trace);
          }
        }
        default -> parser.skipChildren();
      }
    }
    trace.transaction(head);
  }

  private static void readPatch(JsonParser parser, String name, TraceBuilder trace)
      throws IOException {
    expect(parser, name, JsonToken.START_ARRAY, "a patch [position, deleted, inserted]");
    int position = nextNumber(parser, name, "a patch's position");
    int deleted = nextNumber(parser, name, "how much a patch deletes");
    parser.nextToken();
    String inserted = text(parser, name);
    parser.nextToken();
    expect(parser, name, JsonToken.END_ARRAY, "the end of a patch [position, deleted, inserted]");
    trace.patch(position, deleted, inserted);
  }

  private static int nextNumber(JsonParser parser, String name, String what) throws IOException {
    parser.nextToken();
    return number(parser, name, what);
  }

  private static int number(JsonParser parser, String name, String what) throws IOException {
    expect(parser, name, JsonToken.VALUE_NUMBER_INT, what + ", a whole number");
    long value = parser.getLongValue();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new TraceFormatException(
          name
              + ": "
              + what
              + " must be from 0 to "
              + Integer.MAX_VALUE
              + ", is "
              + value
              + at(parser));
    }
    return (int) value;
  }

  private static String string(JsonParser parser, String name) throws IOException {
    expect(parser, name, JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  /** A string that can be a document's text. */
  private static String text(JsonParser parser, String name) throws IOException {
    String text = string(parser, name);
    int lone = unpairedSurrogate(text);
    if (lone >= 0) {
      throw new TraceFormatException(
          String.format("%s: unpaired surrogate U+%04X", name, (int) text.charAt(lone))
              + at(parser));
    }
    return text;
  }

  private static void expect(JsonParser parser, String name, JsonToken token, String what)
      throws TraceFormatException, IOException {
    JsonToken actual = parser.currentToken();
    if (actual != token) {
      throw new TraceFormatException(
          name + ": expected " + what + ", found " + describe(parser, actual) + at(parser));
    }
  }

  private static String describe(JsonParser parser, JsonToken token) throws IOException {
    if (token == null) {
      return "the end of the file";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case END_OBJECT, END_ARRAY -> "'" + token.asString() + "'";
      case VALUE_STRING -> "a string";
      default -> parser.getText();
    };
  }

  /** Where the parser stands: the place in the structure and in the file. */
  private static String at(JsonParser parser) {
    String path = parser.getParsingContext().pathAsPointer().toString();
    return " at "
        + (path.isEmpty() ? "" : path + ", ")
        + "line "
        + parser.currentTokenLocation().getLineNr()
        + ", column "
        + parser.currentTokenLocation().getColumnNr();
  }

  /** The parser's words without what it says of its input as an object. */
  private static String reason(StreamReadException e) {
    return e.getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" \\((?:for|start marker) .*", "");
  }

  private static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int codePoint = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(codePoint)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** What a file is expected to hold; the parser stands on its first token. */
  @FunctionalInterface
  private interface Content<T> {
    T read(JsonParser parser) throws IOException;
  }
}
