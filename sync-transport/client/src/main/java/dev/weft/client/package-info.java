/**
 * The client: shared texts kept in step with a relay in two tiers, keystrokes that are instant and
 * best-effort and saves that are slow and certain, with reconnection and a status that never
 * misleads about what is pending, stale, degraded or refused.
 */
@NullMarked
package dev.weft.client;

import org.jspecify.annotations.NullMarked;
