package dev.weft.store;

import dev.weft.crdt.EventRange;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recovers what can be read of a damaged store into a new database, and puts that in the place of
 * the old one, which is kept as {@code weft.db.damaged-N}. Stateless.
 *
 * <pre>{@code
 * RepairReport report = StoreRepair.run(directory);
 * report.documents().forEach(document -> show(document.document(), document.missing()));
 * }</pre>
 *
 * <p>Nothing is taken that its checksum does not confirm. Where changes are lost, those that build
 * on them are kept as dead letters of code {@link DeadLetter#STORE_DAMAGED}. What the relay holds
 * it sends again. All replica ids of the store are retired: what else was written under them is not
 * known.
 */
public final class StoreRepair {
  private StoreRepair() {}

  /**
   * Repairs the store in {@code directory}; one that is sound is left as it is. A repair that was
   * broken off is finished. If this throws, the store is as it was, or the next repair or opening
   * goes on. O(bytes of the store) in time, disk and memory.
   *
   * @throws StoreLockedException if this or another process has the store open
   * @throws StoreException if there is no store, or what is there is another program's or that of a
   *     newer version, or a disk fails or is full
   */
  public static RepairReport run(Path directory) {
    return run(directory, SetAside.Steps.UNWATCHED);
  }

  static RepairReport run(Path directory, SetAside.Steps steps) {
    StoreDirectory place = StoreDirectory.existing(directory);
    StoreLock ownership = place.own();
    try (ownership) {
      boolean finished = SetAside.finish(place);
      StoreReport before = StoreCheck.examine(place);
      if (before.isSound()) {
        return unchanged(
            before, finished ? SetAside.damaged(place.path(), SetAside.last(place.path())) : null);
      }
      return repair(place, before, steps);
    } catch (IOException e) {
      throw SetAside.failed(place.path(), e);
    }
  }

  private static RepairReport unchanged(StoreReport sound, @Nullable Path setAside) {
    List<RepairReport.Document> documents = new ArrayList<>();
    for (StoreReport.Document document : sound.documents()) {
      documents.add(
          new RepairReport.Document(document.document(), document.events(), 0, List.of(), 0));
    }
    return new RepairReport(List.of(), documents, List.of(), setAside);
  }

  private static RepairReport repair(StoreDirectory place, StoreReport before, SetAside.Steps steps)
      throws IOException {
    Path source = SetAside.source(place);
    Salvage salvage = Salvage.read(source, source.resolveSibling(source.getFileName() + "-wal"));
    SortedMap<DocumentId, RecoveredDocument> recovered = new TreeMap<>();
    salvage
        .documents()
        .forEach((document, found) -> recovered.put(document, RecoveredDocument.of(found)));
    steps.before("write");
    Path written = SetAside.newDatabase(place, source);
    new RepairedDatabase(salvage, recovered, Instant.now()).write(written);
    requireSound(written);
    Path setAside = SetAside.replace(place, steps);

    List<RepairReport.Document> documents = new ArrayList<>();
    recovered.forEach(
        (document, made) ->
            documents.add(
                new RepairReport.Document(
                    document,
                    made.events(),
                    made.waiting().size() + made.unused().size(),
                    made.missing(),
                    lost(made.missing(), salvage.watermark(document)))));
    return new RepairReport(before.problems(), documents, salvage.damagedRows(), setAside);
  }

  private static long lost(List<EventRange> missing, VersionVector watermark) {
    long lost = 0;
    for (EventRange range : missing) {
      long held = watermark.next(range.replica());
      lost += Math.max(0, range.end() - Math.max(range.start(), held));
    }
    return lost;
  }

  /** Nothing takes the place of a damaged store that is not sound itself. */
  private static void requireSound(Path written) {
    try (SqliteConnection sql = SqliteConnection.openReader(written)) {
      StoreReport report = StoreVerification.of(sql);
      if (!report.isSound()) {
        throw new AssertionError("what was recovered is not sound: " + report.problems());
      }
    } catch (SQLException e) {
      throw SqliteErrors.explain(written, "read what was recovered", e);
    }
  }
}
