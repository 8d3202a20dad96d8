/**
 * The {@code weft} command: relays, editors, stores, traces and simulations from the command line.
 */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
