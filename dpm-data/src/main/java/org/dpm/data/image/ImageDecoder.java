package org.dpm.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files to levels from 0 to 255. What is transparent is shown on white; levels
 * of sixteen bits keep the upper eight.
 */
public final class ImageDecoder {

  private static final int WHITE = 255;

  private final Colours colours;

  public ImageDecoder(Colours colours) {
    this.colours = colours;
  }

  /** Whether a file's name is that of such an image. */
  public static boolean isImage(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  /**
   * Reads a file whole.
   *
   * @throws IOException if it is no image that Java can read, or is damaged
   */
  public Picture read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException("it is not an image that Java can read, whatever its name");
      }
      ImageReader reader = readers.next();
      try {
        return picture(decode(reader, stream));
      } finally {
        reader.dispose();
      }
    } catch (RuntimeException e) {
      // What Java's decoders throw at some damaged files.
      throw new IOException("it is damaged: " + e, e);
    }
  }

  private static BufferedImage decode(ImageReader reader, ImageInputStream stream)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.setInput(stream, true, true);
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    BufferedImage image = reader.read(0);
    // Of a JPEG file that is cut off, Java only warns, and shows the rest as grey.
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("truncated")) {
        throw new IOException("it is cut off: " + warning);
      }
    }
    return image;
  }

  private Picture picture(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int[] pixels = isGrey(image) ? grey(image) : image.getRGB(0, 0, width, height, null, 0, width);
    byte[] levels = new byte[colours.channels() * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int alpha = pixels[i] >>> 24;
      int red = onWhite(pixels[i] >> 16 & 0xff, alpha);
      int green = onWhite(pixels[i] >> 8 & 0xff, alpha);
      int blue = onWhite(pixels[i] & 0xff, alpha);
      for (int c = 0; c < colours.channels(); c++) {
        levels[c * pixels.length + i] = (byte) colours.level(c, red, green, blue);
      }
    }
    return new Picture(colours.channels(), height, width, levels);
  }

  private static boolean isGrey(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && !(image.getColorModel() instanceof IndexColorModel);
  }

  /** As getRGB, which takes grey levels for linear light and makes them brighter than they are. */
  private static int[] grey(BufferedImage image) {
    Raster raster = image.getRaster();
    int excess = image.getColorModel().getComponentSize(0) - 8;
    int[] pixels = new int[image.getHeight() * image.getWidth()];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % image.getWidth();
      int y = i / image.getWidth();
      int level = raster.getSample(x, y, 0) >> excess;
      int alpha = raster.getNumBands() > 1 ? raster.getSample(x, y, 1) >> excess : WHITE;
      pixels[i] = alpha << 24 | level << 16 | level << 8 | level;
    }
    return pixels;
  }

  private static int onWhite(int level, int alpha) {
    return Math.round((level * alpha + WHITE * (WHITE - alpha)) / (float) WHITE);
  }
}
