package dev.weft.desktop.history;

import dev.weft.crdt.AuthorRun;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.VersionVector;
import java.util.List;
import java.util.Map;
import javax.swing.text.PlainDocument;
import org.jspecify.annotations.Nullable;

/**
 * The text at a version, in terms of what was shown before it: by edits where they are few, and as
 * a whole where they are many.
 *
 * @param events after how many events it is, on the slider
 * @param version which version it is
 * @param edits what makes of the text shown before this one; empty if {@code whole} is there
 * @param whole the text; null if it comes by the edits
 * @param authors who wrote which part of it
 * @param units how many units of it each author wrote
 * @param changedBy who made the last change before it; null at the beginning
 */
record Moment(
    long events,
    VersionVector version,
    List<TextChange.Edit> edits,
    @Nullable PlainDocument whole,
    List<AuthorRun> authors,
    Map<ReplicaId, Long> units,
    @Nullable ReplicaId changedBy) {}
