/**
 * More than one relay: a change store in PostgreSQL, whose commit acknowledges a save, and
 * best-effort announcements over Redis, so that any relay serves any client of any document.
 */
@NullMarked
package dev.weft.cluster;

import org.jspecify.annotations.NullMarked;
