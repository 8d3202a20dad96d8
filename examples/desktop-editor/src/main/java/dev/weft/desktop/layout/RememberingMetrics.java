package dev.weft.desktop.layout;

import java.awt.FontMetrics;
import java.awt.font.FontRenderContext;

/** The metrics of a font that remembers what it measures. For the event dispatch thread. */
final class RememberingMetrics extends FontMetrics {
  private static final long serialVersionUID = 1L;

  private final FontMetrics metrics;
  private final RememberingFont remembering;

  /** Creates metrics that are the same as {@code metrics}. */
  RememberingMetrics(FontMetrics metrics) {
    this(metrics, new RememberingFont(metrics.getFont()));
  }

  private RememberingMetrics(FontMetrics metrics, RememberingFont remembering) {
    super(remembering);
    this.metrics = metrics;
    this.remembering = remembering;
  }

  void forget() {
    remembering.forget();
  }

  /** Returns whether these are the same as {@code other}, and so need not be created for those. */
  boolean isOf(FontMetrics other) {
    return metrics == other;
  }

  @Override
  public FontRenderContext getFontRenderContext() {
    return metrics.getFontRenderContext();
  }

  @Override
  public int getLeading() {
    return metrics.getLeading();
  }

  @Override
  public int getAscent() {
    return metrics.getAscent();
  }

  @Override
  public int getDescent() {
    return metrics.getDescent();
  }

  @Override
  public int getHeight() {
    return metrics.getHeight();
  }

  @Override
  public int getMaxAscent() {
    return metrics.getMaxAscent();
  }

  @Override
  public int getMaxDescent() {
    return metrics.getMaxDescent();
  }

  @Override
  public int getMaxAdvance() {
    return metrics.getMaxAdvance();
  }

  @Override
  public int charWidth(int codePoint) {
    return metrics.charWidth(codePoint);
  }

  @Override
  public int charWidth(char unit) {
    return metrics.charWidth(unit);
  }

  @Override
  public int stringWidth(String text) {
    return metrics.stringWidth(text);
  }

  @Override
  public int charsWidth(char[] text, int start, int length) {
    return metrics.charsWidth(text, start, length);
  }

  @Override
  public int[] getWidths() {
    return metrics.getWidths();
  }
}
