package dev.weft.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Reads and writes the names of versions. */
final class VersionNames {
  private VersionNames() {}

  /** Reads the length of a name and the name. */
  static String readName(ByteReader in) throws MalformedUpdateException {
    int at = in.position();
    int length = in.readCount("name length", 1);
    if (length == 0 || length > NamedVersion.MAX_NAME_BYTES) {
      throw ByteReader.malformedAt(
          at, "a name of 1 to " + NamedVersion.MAX_NAME_BYTES + " bytes", length + " bytes");
    }
    char[] name = new char[length];
    return new String(name, 0, in.readUtf8(length, name));
  }

  static void writeName(String name, ByteWriter out) {
    byte[] utf8 = name.getBytes(UTF_8);
    out.writeVarint(utf8.length);
    out.writeBytes(utf8, 0, utf8.length);
  }

  /** Reads the names of a snapshot, in the order in which they were given. */
  static List<String> read(ByteReader in) throws MalformedUpdateException {
    int count = in.readCount("name count", 2);
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(readName(in));
    }
    return names;
  }

  static void write(OperationLog log, ByteWriter out) {
    out.writeVarint(log.nameCount());
    for (int operation = 0; operation < log.size(); operation++) {
      if (log.isName(operation)) {
        writeName(log.name(operation), out);
      }
    }
  }
}
