/**
 * The desktop editor: a Swing window on a shared text that shows its synchronisation status. The
 * binding of a shared text to a text component is usable without the editor.
 */
@NullMarked
package dev.weft.desktop;

import org.jspecify.annotations.NullMarked;
