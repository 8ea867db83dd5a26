package org.dpm.data.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dpm.api.InvalidInput;

/**
 * Writes samples in the format that the file's extension names. Asked for before the samples are
 * drawn, it refuses a name that it could not write to.
 */
public final class SampleWriter {

  /**
   * Samples and what they are.
   *
   * @param values [n][elements], elements in row-major order
   * @param names of the elements; empty for x1, x2, ...
   * @param element shape of one sample, such as [2] or [1, 28, 28]
   * @param black for images, the value that is shown as black
   * @param white for images, the value that is shown as white
   */
  @SuppressWarnings("ArrayRecordComponent") // plain arrays as they come; samples are never compared
  public record Samples(
      float[][] values, List<String> names, List<Integer> element, double black, double white) {

    public Samples {
      names = List.copyOf(names);
      element = List.copyOf(element);
      int size = element.stream().reduce(1, Math::multiplyExact);
      for (float[] value : values) {
        if (value.length != size) {
          throw new IllegalArgumentException(
              "values must have %d elements each, but one has %d".formatted(size, value.length));
        }
      }
      if (!names.isEmpty() && names.size() != size) {
        throw new IllegalArgumentException(
            "names must be %d or none, but are %d".formatted(size, names.size()));
      }
    }

    /** Neither names nor a range for images. */
    public Samples(float[][] values, List<Integer> element) {
      this(values, List.of(), element, 0, 1);
    }

    /** The names, made up where there are none. */
    public List<String> columns() {
      if (!names.isEmpty()) {
        return names;
      }
      List<String> columns = new ArrayList<>();
      int size = element.stream().reduce(1, Math::multiplyExact);
      for (int i = 1; i <= size; i++) {
        columns.add("x" + i);
      }
      return columns;
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
    Stream.concat(Stream.of(new CsvTable(), new NumpyArchive()), Stream.of(others))
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
