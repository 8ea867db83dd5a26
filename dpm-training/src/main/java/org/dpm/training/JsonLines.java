package org.dpm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;
import org.dpm.api.WholeFile;

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

  /** The objects of {@code file}; none where there is no such file. */
  static <T> List<T> read(Path file, Class<T> type) throws IOException {
    List<T> objects = new ArrayList<>();
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        try {
          objects.add(JSON.readValue(lines.get(i), type));
        } catch (JsonProcessingException e) {
          throw new InvalidInput(
              "%s:%d: not a line of metrics: %s. Remove it, or the file."
                  .formatted(file, i + 1, e.getOriginalMessage()),
              e);
        }
      }
    }
    return objects;
  }
}
