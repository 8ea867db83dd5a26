package org.dpm.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.WholeFile;
import org.dpm.core.RunDirectory;

/**
 * The figures that a model was measured to have when it had been trained: they need not be measured
 * again as long as model, settings and number of examples are the same.
 */
public final class KeptEvaluation {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** The evaluation and what it is of. */
  private record Kept(
      @JsonProperty(required = true) String sha256,
      @JsonProperty(required = true) String pipeline,
      @JsonProperty(required = true) Evaluation evaluation) {}

  private KeptEvaluation() {}

  /** Keeps the usual evaluation of the model in a run directory. */
  public static void write(RunDirectory directory, Evaluation evaluation) throws IOException {
    Kept kept = new Kept(model(directory), pipeline(directory), evaluation);
    WholeFile.write(directory.evaluation(), JSON.writeValueAsString(kept));
  }

  /** What was kept, if it still is of this model, under these settings, on as many examples. */
  public static Optional<Evaluation> read(RunDirectory directory, DataSource source)
      throws IOException {
    Path file = directory.evaluation();
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Kept kept = JSON.readValue(file.toFile(), Kept.class);
      boolean same =
          kept.sha256().equals(model(directory))
              && kept.pipeline().equals(pipeline(directory))
              && kept.evaluation().examples() == source.count(Split.HELD_OUT);
      return same ? Optional.of(kept.evaluation()) : Optional.empty();
    } catch (JsonProcessingException e) {
      // Damaged, or of another release: it is measured again.
      return Optional.empty();
    }
  }

  private static String model(RunDirectory directory) throws IOException {
    return JSON.readTree(directory.description().toFile()).path("sha256").asText();
  }

  private static String pipeline(RunDirectory directory) throws IOException {
    return Files.readString(directory.pipeline());
  }
}
