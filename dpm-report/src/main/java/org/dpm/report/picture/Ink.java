package org.dpm.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dpm.api.WholeFile;

/**
 * What all pictures share: colours that readers with any kind of colour vision can tell apart
 * (after Okabe and Ito), one typeface, smooth edges.
 */
final class Ink {

  static final Color PAPER = Color.WHITE;
  static final Color TEXT = new Color(0x222222);
  static final Color QUIET = new Color(0x6E6E6E);
  static final Color RULE = new Color(0xC8C8C8);
  static final Color GRID = new Color(0xE9E9E9);

  /** Data, and the diffusion that destroys them. */
  static final Color DATA = new Color(0x0072B2);

  /** The model, and the diffusion that restores. */
  static final Color MODEL = new Color(0xD55E00);

  /** Lines to compare with, in the order of their use. */
  static final Color[] REFERENCE = {
    new Color(0x009E73), new Color(0x8A5A83), new Color(0x8C6D00), new Color(0x222222)
  };

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
  static final Font HEADING = new Font(Font.SANS_SERIF, Font.PLAIN, 17);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

  static final BasicStroke HAIRLINE = new BasicStroke(1);

  private Ink() {}

  static Color translucent(Color color, double opacity) {
    return new Color(
        color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * opacity));
  }

  /** An empty sheet. */
  static BufferedImage sheet(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(PAPER);
    g.fillRect(0, 0, width, height);
    g.dispose();
    return image;
  }

  /** A pen for {@code image}; whoever takes it disposes of it. */
  static Graphics2D pen(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(TEXT);
    g.setFont(LABEL);
    return g;
  }

  /** Writes {@code image} as PNG, whole or not at all. */
  static void write(BufferedImage image, Path file) throws IOException {
    WholeFile.write(
        file,
        out -> {
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this Java cannot write PNG");
          }
        });
  }
}
