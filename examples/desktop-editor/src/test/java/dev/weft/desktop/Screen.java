package dev.weft.desktop;

import java.awt.AWTEvent;
import java.awt.AWTException;
import java.awt.Component;
import java.awt.Container;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.AWTEventListener;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.swing.AbstractButton;
import javax.swing.JRootPane;
import javax.swing.SwingUtilities;

/**
 * A person at the screen: looks, waits until something is seen, clicks and types. Keys and clicks
 * arrive in order; what they bring about is waited for by looking, always on the event dispatch
 * thread: another one may see windows and their parts half made.
 */
final class Screen {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final int CLICK_ATTEMPTS = 5;

  private final Robot robot;

  Screen() {
    try {
      robot = new Robot();
    } catch (AWTException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until a condition, asked on the event dispatch thread, holds. */
  static void await(String what, BooleanSupplier condition) {
    EventThread.await(what, condition, () -> "");
  }

  /** Waits until a label shows words that are as wanted. */
  static void awaitWords(String what, Supplier<String> shown, Predicate<String> wanted) {
    EventThread.await(what, () -> wanted.test(shown.get()), () -> ", but \"" + shown.get() + "\"");
  }

  /** Finds the first part of a kind. */
  static <T extends Component> T find(Container within, Class<T> kind) {
    return EventThread.call(() -> searchKind(within, kind))
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName()));
  }

  private static <T extends Component> Optional<T> searchKind(Container within, Class<T> kind) {
    for (Component part : within.getComponents()) {
      if (kind.isInstance(part)) {
        return Optional.of(kind.cast(part));
      }
      if (part instanceof Container container) {
        Optional<T> found = searchKind(container, kind);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Finds a part of a window by its name. */
  static <T extends Component> T find(Container within, Class<T> kind, String name) {
    return search(within, kind, name)
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " named " + name));
  }

  /** Returns whether a window has a part of a name. */
  static boolean contains(Container within, Class<? extends Component> kind, String name) {
    return search(within, kind, name).isPresent();
  }

  /** Looks for a part of a window by its name. */
  static <T extends Component> Optional<T> search(Container within, Class<T> kind, String name) {
    return EventThread.call(() -> searchNamed(within, kind, name));
  }

  private static <T extends Component> Optional<T> searchNamed(
      Container within, Class<T> kind, String name) {
    for (Component part : within.getComponents()) {
      if (kind.isInstance(part)
          && (name.equals(part.getName())
              || (part instanceof AbstractButton button && name.equals(button.getText())))) {
        return Optional.of(kind.cast(part));
      }
      if (part instanceof Container container) {
        Optional<T> found = searchNamed(container, kind, name);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Clicks on a part of a window once that has been laid out where it stays. */
  void click(Component component) {
    click(() -> Optional.of(component));
  }

  /** As {@link #click(Component)}, of a part that may come, and be replaced by another like it. */
  void click(Supplier<? extends Optional<? extends Component>> part) {
    // What moves as the button goes down is missed, and clicked on again, as a person would.
    for (int attempt = 0; attempt < CLICK_ATTEMPTS; attempt++) {
      if (clickOnce(part)) {
        return;
      }
    }
    throw new AssertionError("moved from under each of " + CLICK_ATTEMPTS + " clicks");
  }

  private boolean clickOnce(Supplier<? extends Optional<? extends Component>> part) {
    Rectangle[] place = {new Rectangle()};
    // Where it is found twice, in events of their own, it stays.
    await(
        "where to click",
        () -> {
          Rectangle before = place[0];
          place[0] = part.get().map(Screen::placeOf).orElseGet(Rectangle::new);
          return !place[0].isEmpty() && place[0].equals(before);
        });
    Click click = new Click(part);
    Toolkit.getDefaultToolkit().addAWTEventListener(click, AWTEvent.MOUSE_EVENT_MASK);
    try {
      robot.mouseMove((int) place[0].getCenterX(), (int) place[0].getCenterY());
      robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
      robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
      await("the click at " + place[0], () -> click.isOver);
    } finally {
      Toolkit.getDefaultToolkit().removeAWTEventListener(click);
    }
    return click.hasHit;
  }

  /** Sees whether the part is there as the mouse button goes down, and still as it comes up. */
  private static final class Click implements AWTEventListener {
    private final Supplier<? extends Optional<? extends Component>> part;
    private Optional<? extends Component> pressed = Optional.empty();
    private boolean hasHit;
    private boolean isOver;

    Click(Supplier<? extends Optional<? extends Component>> part) {
      this.part = part;
    }

    @Override
    public void eventDispatched(AWTEvent event) {
      if (event.getID() == MouseEvent.MOUSE_PRESSED) {
        pressed = part.get().filter(there -> isAt((MouseEvent) event, there, placeOf(there)));
      } else if (event.getID() == MouseEvent.MOUSE_RELEASED) {
        // What the press itself has changed may not be laid out yet.
        hasHit =
            pressed
                .filter(Component::isShowing)
                .filter(there -> isAt((MouseEvent) event, there, boundsOf(there)))
                .isPresent();
        isOver = true;
      }
    }

    private static boolean isAt(MouseEvent event, Component there, Rectangle place) {
      return SwingUtilities.getRoot(event.getComponent()) == SwingUtilities.getRoot(there)
          && place.contains(event.getLocationOnScreen());
    }
  }

  private static Rectangle placeOf(Component component) {
    return component.isShowing() && component.getParent().isValid()
        ? boundsOf(component)
        : new Rectangle();
  }

  private static Rectangle boundsOf(Component component) {
    return new Rectangle(component.getLocationOnScreen(), component.getSize());
  }

  /** Types lower case letters, digits, spaces and line ends. */
  void type(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      press(c == '\n' ? KeyEvent.VK_ENTER : KeyEvent.getExtendedKeyCodeForChar(c));
    }
  }

  /** Presses a key while others are held. */
  void press(int key, int... held) {
    for (int other : held) {
      robot.keyPress(other);
    }
    robot.keyPress(key);
    robot.keyRelease(key);
    for (int i = held.length - 1; i >= 0; i--) {
      robot.keyRelease(held[i]);
    }
  }

  /** Keeps a picture of what is on the screen, around some windows. */
  void picture(String name, Window... windows) {
    EventThread.settle();
    EventThread.run(
        () -> {
          // The display may still have to ask for a window that has just come there.
          Toolkit.getDefaultToolkit().sync();
          for (Window window : windows) {
            JRootPane contents = SwingUtilities.getRootPane(window);
            contents.paintImmediately(contents.getVisibleRect());
          }
          Toolkit.getDefaultToolkit().sync();
        });
    Rectangle area = new Rectangle();
    for (Window window : windows) {
      Rectangle bounds = EventThread.call(window::getBounds);
      area = area.isEmpty() ? bounds : area.union(bounds);
    }
    try {
      Files.createDirectories(PICTURES);
      ImageIO.write(
          robot.createScreenCapture(area), "png", PICTURES.resolve(name + ".png").toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
