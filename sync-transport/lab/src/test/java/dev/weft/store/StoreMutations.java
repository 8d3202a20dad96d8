package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.sql.SQLException;
import net.bytebuddy.asm.Advice;

/** What is put into the store's code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
public final class StoreMutations {
  private StoreMutations() {}

  /** For {@code CausalAppend.of}: everything is new. */
  public static final class NothingIsKnown {
    private NothingIsKnown() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 1, readOnly = false) VersionVector before) {
      before = VersionVector.EMPTY;
    }
  }

  /** For {@code RowCompaction.step}: the last row of the log is lost. */
  public static final class LastRowIsLost {
    private LastRowIsLost() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Argument(0) SqliteConnection sql) throws SQLException {
      sql.prepare("DELETE FROM change WHERE arrival = (SELECT max(arrival) FROM change)")
          .executeUpdate();
    }
  }
}
