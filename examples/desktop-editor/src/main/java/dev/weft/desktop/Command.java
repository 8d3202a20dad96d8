package dev.weft.desktop;

import java.awt.event.ActionEvent;
import javax.swing.AbstractAction;
import javax.swing.Action;
import javax.swing.KeyStroke;
import org.jspecify.annotations.Nullable;

/** Something that a person can have the editor do, from a menu and by a key. */
final class Command extends AbstractAction {
  private static final long serialVersionUID = 1L;

  private final transient Runnable action;

  /**
   * Creates a command.
   *
   * @param mnemonic the key that chooses it in an open menu
   * @param accelerator the key that does it anywhere in the window; null for none
   * @param description what it does, for a screen reader and a tool tip
   */
  Command(
      String name,
      int mnemonic,
      @Nullable KeyStroke accelerator,
      String description,
      Runnable action) {
    super(name);
    this.action = action;
    putValue(Action.MNEMONIC_KEY, mnemonic);
    putValue(Action.ACCELERATOR_KEY, accelerator);
    putValue(Action.SHORT_DESCRIPTION, description);
  }

  @Override
  public void actionPerformed(ActionEvent event) {
    action.run();
  }
}
