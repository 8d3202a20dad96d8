package dev.weft.desktop;

import dev.weft.store.DocumentId;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.swing.InputMap;
import javax.swing.JComponent;
import javax.swing.JTabbedPane;
import javax.swing.KeyStroke;

/**
 * The documents of a window, one in front of the others. While there is only one, no tabs are seen.
 * Confined to the event dispatch thread.
 */
final class Tabs {
  private final JTabbedPane component = new JTabbedPane();
  private final List<EditorTab> tabs = new ArrayList<>();

  /**
   * Creates tabs for at least one document, which is to be added.
   *
   * @param chosen is run when another is in front
   * @param close closes a tab whose cross was clicked
   */
  Tabs(Runnable chosen, Consumer<EditorTab> close) {
    component.setName("documents");
    component.getAccessibleContext().setAccessibleName("Documents");
    component.setTabLayoutPolicy(JTabbedPane.SCROLL_TAB_LAYOUT);
    component.putClientProperty("JTabbedPane.hideTabAreaWithOneTab", true);
    component.putClientProperty("JTabbedPane.tabClosable", true);
    component.putClientProperty("JTabbedPane.tabCloseToolTipText", "Close");
    BiConsumer<JTabbedPane, Integer> closeAt = (pane, index) -> close.accept(tabs.get(index));
    component.putClientProperty("JTabbedPane.tabCloseCallback", closeAt);
    // The menus have these keys, and go round at the end.
    InputMap keys = component.getInputMap(JComponent.WHEN_ANCESTOR_OF_FOCUSED_COMPONENT);
    keys.put(KeyStroke.getKeyStroke(KeyEvent.VK_PAGE_DOWN, InputEvent.CTRL_DOWN_MASK), "none");
    keys.put(KeyStroke.getKeyStroke(KeyEvent.VK_PAGE_UP, InputEvent.CTRL_DOWN_MASK), "none");
    component.addChangeListener(
        event -> {
          if (component.getSelectedIndex() >= 0) {
            chosen.run();
          }
        });
  }

  JTabbedPane component() {
    return component;
  }

  List<EditorTab> all() {
    return List.copyOf(tabs);
  }

  EditorTab selected() {
    return tabs.get(component.getSelectedIndex());
  }

  Optional<EditorTab> of(DocumentId document) {
    return tabs.stream().filter(tab -> tab.text().documentId().equals(document)).findFirst();
  }

  /** Adds a tab behind the others, and brings it to the front. */
  void add(EditorTab tab) {
    tabs.add(tab);
    component.addTab(tab.text().documentId().value(), tab.pane());
    showStatus();
    select(tab);
  }

  void remove(EditorTab tab) {
    int index = tabs.indexOf(tab);
    tabs.remove(index);
    component.removeTabAt(index);
  }

  void select(EditorTab tab) {
    component.setSelectedIndex(tabs.indexOf(tab));
  }

  /** Brings the tab so many places further to the front, and goes round at the end. */
  void selectNext(int places) {
    component.setSelectedIndex(Math.floorMod(component.getSelectedIndex() + places, tabs.size()));
  }

  /** Shows at each tab how its document stands. */
  void showStatus() {
    for (int i = 0; i < component.getTabCount(); i++) {
      StatusWords words = tabs.get(i).words();
      String name = tabs.get(i).text().documentId().value();
      component.setIconAt(i, words.saves().sign());
      component.setToolTipTextAt(i, words.connection().text() + ". " + words.saves().text() + ".");
      component
          .getAccessibleContext()
          .getAccessibleChild(i)
          .getAccessibleContext()
          .setAccessibleName(name + ", " + words.saves().text());
    }
  }
}
