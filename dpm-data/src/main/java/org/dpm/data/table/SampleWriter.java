package org.dpm.data.table;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Variables;

/**
 * Writes samples in the format that the file's extension names. Asked for before the samples are
 * drawn, it refuses a name that it could not write to.
 */
public final class SampleWriter {

  /**
   * Samples and what they are.
   *
   * @param values [n][cells], a cell for each value of each variable, row-major
   * @param variables what a sample consists of
   * @param black for images, the value that is shown as black
   * @param white for images, the value that is shown as white
   */
  @SuppressWarnings("ArrayRecordComponent") // plain arrays as they come; samples are never compared
  public record Samples(float[][] values, Variables variables, double black, double white) {

    public Samples {
      for (float[] value : values) {
        if (value.length != variables.size()) {
          throw new IllegalArgumentException(
              "values must have %d cells each, but one has %d"
                  .formatted(variables.size(), value.length));
        }
      }
    }

    /** Without a range for images. */
    public Samples(float[][] values, Variables variables) {
      this(values, variables, 0, 1);
    }

    /** What each cell is called. */
    public List<String> columns() {
      return variables.cellNames();
    }

    /** Shape of one sample: that of an array that is the whole, otherwise the number of cells. */
    public List<Integer> element() {
      Shape shape = variables.list().get(0).shape();
      if (variables.list().size() > 1 || shape.dimension() == 0) {
        return List.of(variables.size());
      }
      return Arrays.stream(shape.getShape()).mapToObj(Math::toIntExact).toList();
    }
  }

  /** Writes samples in one format. */
  public interface Format {

    /** What the names of such files end in, such as {@code .csv}. */
    String extension();

    /**
     * Writes a file, whole or not at all.
     *
     * @throws InvalidInput if the format cannot hold samples of this shape
     */
    void write(Samples samples, Path file) throws IOException;
  }

  private final Path file;
  private final Format format;

  private SampleWriter(Path file, Format format) {
    this.file = file;
    this.format = format;
  }

  private static Map<String, Format> formats(Format... others) {
    Map<String, Format> formats = new TreeMap<>();
    Stream.concat(Stream.of(new TextFormat(), new NumpyFormat()), Stream.of(others))
        .forEach(format -> formats.put(format.extension(), format));
    return formats;
  }

  /**
   * A writer to {@code file}, in a table, an array or one of the other formats.
   *
   * @throws InvalidInput if no format has this extension, or the file is a directory
   */
  public static SampleWriter to(Path file, Format... others) {
    Path name = file.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    String extension = dot < 0 ? "" : text.substring(dot).toLowerCase(Locale.ROOT);
    Map<String, Format> formats = formats(others);
    Format format = formats.get(extension);
    if (format == null) {
      throw new InvalidInput(
          "%s: samples cannot be written to a file %s. Give it one of these: %s."
              .formatted(
                  file,
                  extension.isEmpty() ? "without extension" : "that ends in " + extension,
                  String.join(", ", formats.keySet())));
    }
    if (Files.isDirectory(file)) {
      throw new InvalidInput(file + ": is a directory; give the name of a file.");
    }
    return new SampleWriter(file, format);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws InvalidInput if the format cannot hold samples of this shape
   */
  public void write(Samples samples) throws IOException {
    format.write(samples, file);
  }
}
