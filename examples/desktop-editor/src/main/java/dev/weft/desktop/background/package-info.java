/** Work beside the event dispatch thread, which never waits for it. */
@NullMarked
package dev.weft.desktop.background;

import org.jspecify.annotations.NullMarked;
