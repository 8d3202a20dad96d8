/**
 * The offline store: a durable log of changes, the outbox of those that are not yet durable at the
 * relay, pending saves that survive a restart, and the dead letters that the relay refused for
 * good. What reached the store is never silently dropped, and a damaged file is set aside, never
 * overwritten.
 */
@NullMarked
package dev.weft.store;

import org.jspecify.annotations.NullMarked;
