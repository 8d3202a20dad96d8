/**
 * Ties a Swing text component, or any {@link javax.swing.text.Document}, to a shared text: {@link
 * dev.weft.desktop.binding.SharedTextBinding}. Usable without the editor.
 */
@NullMarked
package dev.weft.desktop.binding;

import org.jspecify.annotations.NullMarked;
