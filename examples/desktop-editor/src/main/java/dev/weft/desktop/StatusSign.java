package dev.weft.desktop;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import javax.swing.Icon;
import javax.swing.UIManager;

/**
 * The small pictures beside the words of a status. Each has a shape of its own, so that none is
 * told from another by colour alone. Immutable.
 */
enum StatusSign implements Icon {
  /** A filled disc: edits go both ways. */
  CONNECTED("Actions.Green") {
    @Override
    void draw(Graphics2D g) {
      g.fill(new Ellipse2D.Double(3, 3, 10, 10));
    }
  },

  /** An open ring: something is under way. */
  UNDER_WAY("Actions.Blue") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Arc2D.Double(3, 3, 10, 10, 60, 270, Arc2D.OPEN));
      g.fill(triangle(8, 0.5, 12.5, 3.5, 8, 6.5));
    }
  },

  /** A ring with a stroke through it: cut off. */
  OFFLINE("Actions.Grey") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Ellipse2D.Double(3, 3, 10, 10));
      g.draw(new Line2D.Double(2, 14, 14, 2));
    }
  },

  /** A screen: on this device. */
  DEVICE("Actions.Grey") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Rectangle2D.Double(2, 3, 12, 8));
      g.draw(new Line2D.Double(5, 14, 11, 14));
    }
  },

  /** A dash: nothing to be said. */
  NOTHING("Actions.Grey") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Line2D.Double(4, 8, 12, 8));
    }
  },

  /** A tick: saved. */
  SAVED("Actions.Green") {
    @Override
    void draw(Graphics2D g) {
      Path2D tick = new Path2D.Double();
      tick.moveTo(2.5, 8.5);
      tick.lineTo(6.5, 12.5);
      tick.lineTo(13.5, 4);
      g.draw(tick);
    }
  },

  /** A pencil stroke: edited, and not saved. */
  UNSAVED("Actions.Blue") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Line2D.Double(4, 10.5, 12, 2.5));
      g.fill(triangle(2.5, 12.5, 3, 8.5, 6.5, 12));
      g.draw(new Line2D.Double(8, 14, 14, 14));
    }
  },

  /** A triangle with an exclamation mark: look at this. */
  WARNING("Actions.Yellow") {
    @Override
    void draw(Graphics2D g) {
      g.draw(triangle(8, 2, 14.5, 13.5, 1.5, 13.5));
      g.draw(new Line2D.Double(8, 6.5, 8, 9.5));
      g.draw(new Line2D.Double(8, 11.5, 8, 11.6));
    }
  },

  /** A cross: refused. */
  REFUSED("Actions.Red") {
    @Override
    void draw(Graphics2D g) {
      g.draw(new Line2D.Double(3.5, 3.5, 12.5, 12.5));
      g.draw(new Line2D.Double(3.5, 12.5, 12.5, 3.5));
    }
  };

  private static final int SIZE = 16;

  private final String colorKey;

  StatusSign(String colorKey) {
    this.colorKey = colorKey;
  }

  abstract void draw(Graphics2D g);

  @Override
  public void paintIcon(Component c, Graphics g, int x, int y) {
    Graphics2D picture = (Graphics2D) g.create();
    try {
      picture.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      picture.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      picture.translate(x, y);
      picture.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      Color color = UIManager.getColor(colorKey);
      picture.setColor(color == null ? c.getForeground() : color);
      draw(picture);
    } finally {
      picture.dispose();
    }
  }

  @Override
  public int getIconWidth() {
    return SIZE;
  }

  @Override
  public int getIconHeight() {
    return SIZE;
  }

  private static Path2D triangle(double x1, double y1, double x2, double y2, double x3, double y3) {
    Path2D triangle = new Path2D.Double();
    triangle.moveTo(x1, y1);
    triangle.lineTo(x2, y2);
    triangle.lineTo(x3, y3);
    triangle.closePath();
    return triangle;
  }
}
