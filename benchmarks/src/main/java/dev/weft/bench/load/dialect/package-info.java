/** What clients say on the wire: of Weft, and of the servers it is measured beside. */
@NullMarked
package dev.weft.bench.load.dialect;

import org.jspecify.annotations.NullMarked;
