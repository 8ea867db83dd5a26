package org.dpm.training;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dpm.core.WholeFile;

/** One JSON object a line. */
final class JsonLines {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JsonLines() {}

  static void write(Path file, List<?> lines) throws IOException {
    WholeFile.write(
        file,
        out -> {
          for (Object line : lines) {
            out.write(JSON.writeValueAsBytes(line));
            out.write("\n".getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
