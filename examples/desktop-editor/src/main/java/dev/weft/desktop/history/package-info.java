/** A window on the past of a shared text: any version, who wrote what, and back to it. */
@NullMarked
package dev.weft.desktop.history;

import org.jspecify.annotations.NullMarked;
