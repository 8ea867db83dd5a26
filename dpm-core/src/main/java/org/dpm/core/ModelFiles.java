package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dpm.api.DataSummary;
import org.dpm.api.InvalidInput;
import org.dpm.api.WholeFile;
import org.dpm.engine.Devices;

/**
 * A model on disk: pipeline, tensors and description. This is written last, since it holds the hash
 * by which the tensors are known to be whole.
 */
final class ModelFiles {

  private static final int FORMAT = 1;

  /** Tensors that do not fit, of which a message speaks. */
  private static final int TOLD = 3;

  private static final String AVERAGE = "average.";
  private static final String WEIGHTS = "weights.";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** What the description says. */
  private record Description(
      @JsonProperty int format,
      @JsonProperty Map<String, String> plugins,
      @JsonProperty Data data,
      @JsonProperty long seed,
      @JsonProperty TrainingRecord training,
      @JsonProperty long parameters,
      @JsonProperty Map<String, String> software,
      @JsonProperty String sha256) {}

  private record Data(
      @JsonProperty List<Long> element,
      @JsonProperty List<String> names,
      @JsonProperty List<Double> mean,
      @JsonProperty List<Double> standardDeviation,
      @JsonProperty List<Double> centre,
      @JsonProperty List<Double> scale,
      @JsonProperty double grain,
      @JsonProperty double minimum,
      @JsonProperty double maximum) {

    static Data of(DataDescription data) {
      DataSummary summary = data.summary();
      return new Data(
          Arrays.stream(summary.element().getShape()).boxed().toList(),
          data.names(),
          summary.mean(),
          summary.standardDeviation(),
          summary.centre(),
          summary.scale(),
          data.grain(),
          data.minimum(),
          data.maximum());
    }

    DataDescription describe() {
      Shape shape = new Shape(element);
      return new DataDescription(
          new DataSummary(shape, mean, standardDeviation, centre, scale),
          names,
          grain,
          minimum,
          maximum);
    }
  }

  private ModelFiles() {}

  static void write(Model model, List<NDArray> averages, RunDirectory directory) {
    try (NDScope scope = new NDScope()) {
      NDList tensors = new NDList();
      add(tensors, WEIGHTS, model.weights().named(model.weights().arrays()));
      add(tensors, AVERAGE, model.weights().named(averages));
      byte[] bytes = tensors.encode(NDList.Encoding.SAFETENSORS);
      WholeFile.write(directory.tensors(), out -> out.write(bytes));
      String pipeline = new PipelineReader(model.registry()).write(model.pipeline());
      WholeFile.write(directory.pipeline(), pipeline);
      Description description =
          new Description(
              FORMAT,
              plugins(model),
              Data.of(model.data()),
              model.pipeline().training().seed(),
              model.training(),
              model.parameters(),
              software(),
              sha256(bytes));
      byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description);
      WholeFile.write(directory.description(), out -> out.write(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(NDList tensors, String prefix, Map<String, NDArray> named) {
    named.forEach(
        (name, array) -> {
          NDArray whole = array.duplicate();
          whole.setName(prefix + name);
          tensors.add(whole);
        });
  }

  static Model read(RunDirectory directory, Registry registry, Optional<String> device) {
    Description description = description(directory);
    List<String> sets = device.map(d -> List.of("device=" + d)).orElse(List.of());
    Path file = directory.pipeline();
    exists(file, directory);
    Pipeline pipeline = new PipelineReader(registry).read(file, sets);
    byte[] bytes = bytes(directory.tensors(), directory);
    if (!sha256(bytes).equals(description.sha256())) {
      throw new InvalidInput(
          "%s: its SHA-256 is not the one in %s: the file was damaged or replaced. Copy the run directory again, or train anew."
              .formatted(directory.tensors(), directory.description().getFileName()));
    }
    Model model = Model.create(registry, pipeline, description.data().describe());
    try {
      fill(model, bytes, directory);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    model.setTraining(description.training());
    return model;
  }

  private static void fill(Model model, byte[] bytes, RunDirectory directory) {
    try (NDManager own = model.manager().newSubManager()) {
      Map<String, NDArray> averages = new LinkedHashMap<>();
      for (NDArray array : NDList.decode(own, new ByteArrayInputStream(bytes))) {
        if (array.getName().startsWith(AVERAGE)) {
          averages.put(array.getName().substring(AVERAGE.length()), array);
        }
      }
      NDList arrays = model.weights().unnamed(averages);
      if (arrays == null) {
        throw misfit(model, averages, directory);
      }
      model.weights().assign(arrays);
    }
  }

  private static InvalidInput misfit(
      Model model, Map<String, NDArray> found, RunDirectory directory) {
    Path pipeline = directory.pipeline().getFileName();
    List<String> differences = new ArrayList<>();
    model
        .weights()
        .named(model.weights().arrays())
        .forEach(
            (name, own) -> {
              NDArray array = found.get(name);
              if (array == null) {
                differences.add(name + " is missing");
              } else if (!array.getShape().equals(own.getShape())) {
                differences.add(
                    "%s has the shape %s instead of %s"
                        .formatted(name, array.getShape(), own.getShape()));
              }
            });
    String more =
        differences.size() > TOLD ? ", and %d more".formatted(differences.size() - TOLD) : "";
    return new InvalidInput(
        "%s: its tensors do not fit the parts in %s: %s%s. Was one of the files changed? A setting that was not there yet when the model was trained has its default now; write the one that it was trained with into %s."
            .formatted(
                directory.tensors(),
                pipeline,
                String.join(", ", differences.subList(0, Math.min(TOLD, differences.size()))),
                more,
                pipeline));
  }

  private static Description description(RunDirectory directory) {
    if (!Files.isDirectory(directory.path())) {
      throw new InvalidInput(
          "%s: there is no such run directory. 'dpm run' and 'dpm train' make one."
              .formatted(directory.path()));
    }
    Path file = directory.description();
    byte[] bytes = bytes(file, directory);
    try {
      int format = JSON.readTree(bytes).path("format").asInt();
      if (format != FORMAT) {
        throw new InvalidInput(
            "%s: its format is %d, but this release reads format %d."
                .formatted(file, format, FORMAT));
      }
      return JSON.readValue(bytes, Description.class);
    } catch (JsonProcessingException e) {
      throw new InvalidInput(
          "%s:%d: not a model description: %s."
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void exists(Path file, RunDirectory directory) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInput(
          "%s: %s is missing, so this is no finished run directory."
              .formatted(directory.path(), file.getFileName()));
    }
  }

  private static byte[] bytes(Path file, RunDirectory directory) {
    exists(file, directory);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidInput("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, String> plugins(Model model) {
    Pipeline p = model.pipeline();
    Map<String, String> plugins = new TreeMap<>();
    Stream.concat(
            Stream.of(p.data(), p.kernel(), p.reverse(), p.schedule(), p.network(), p.objective()),
            p.sampler().stream())
        .map(component -> model.registry().find(component.type(), component.kind()).plugin())
        .forEach(plugin -> plugins.put(plugin.id(), plugin.version()));
    return plugins;
  }

  private static Map<String, String> software() {
    Map<String, String> software = new TreeMap<>();
    String own = ModelFiles.class.getPackage().getImplementationVersion();
    software.put("dpm", own == null ? "development" : own);
    software.put("pytorch", Devices.engine().getVersion());
    software.put("java", Runtime.version().toString());
    software.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return software;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
