/**
 * Who else is in a shared text, and where, shown in any text component that is bound to it: {@link
 * dev.weft.desktop.presence.TextPresence}. Usable without the editor.
 */
@NullMarked
package dev.weft.desktop.presence;

import org.jspecify.annotations.NullMarked;
