/** A relay and the stores of its clients on this machine alone, for demonstrations and replays. */
@NullMarked
package dev.weft.cli.loopback;

import org.jspecify.annotations.NullMarked;
