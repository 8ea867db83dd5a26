package org.dpm.data.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dpm.api.WholeFile;
import org.dpm.data.table.SampleWriter.Format;
import org.dpm.data.table.SampleWriter.Samples;

/**
 * A table with a header and one sample a row. Numbers have as many digits as it takes to read the
 * same float again, bits are 0 or 1, and categories have their labels.
 */
final class TextFormat implements Format {

  @Override
  public String extension() {
    return ".csv";
  }

  @Override
  public void write(Samples samples, Path file) throws IOException {
    TableFormat format = TableFormat.USUAL;
    WholeFile.write(
        file,
        out -> {
          Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          line(writer, format, samples.columns().stream().map(format::cell).toList());
          for (float[] sample : samples.values()) {
            line(writer, format, TableCells.texts(format, samples.variables(), sample));
          }
          writer.flush();
        });
  }

  private static void line(Writer writer, TableFormat format, List<String> cells)
      throws IOException {
    writer.write(String.join(String.valueOf(format.separator()), cells));
    writer.write('\n');
  }
}
