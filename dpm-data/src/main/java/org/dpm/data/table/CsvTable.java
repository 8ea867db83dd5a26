package org.dpm.data.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Path;
import org.dpm.api.WholeFile;
import org.dpm.data.table.SampleWriter.Format;
import org.dpm.data.table.SampleWriter.Samples;

/**
 * A table with a header and one sample a row. Numbers have as many digits as it takes to read the
 * same float again.
 */
final class CsvTable implements Format {

  @Override
  public String extension() {
    return ".csv";
  }

  @Override
  public void write(Samples samples, Path file) throws IOException {
    CsvSchema.Builder columns = CsvSchema.builder();
    samples.columns().forEach(columns::addColumn);
    CsvMapper mapper = CsvMapper.builder().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET).build();
    WholeFile.write(
        file,
        out -> {
          try (SequenceWriter rows = mapper.writer(columns.build().withHeader()).writeValues(out)) {
            for (float[] sample : samples.values()) {
              rows.write(sample);
            }
          }
        });
  }
}
