package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;

/**
 * Arrays that NumPy saved with {@code savez} or {@code savez_compressed}. The first axis counts the
 * examples; an array of one axis holds examples of one number.
 *
 * <p>Whole numbers, truth values and floating-point numbers of 2, 4 and 8 bytes are kept in memory
 * as they are stored, and are read in single precision.
 */
final class NpzData implements DataSource {

  record Settings(
      @JsonProperty @JsonPropertyDescription("the .npz file") Path path,
      @JsonProperty
          @JsonPropertyDescription("which of its arrays to learn from, if it holds several")
          Optional<String> array,
      @JsonProperty(defaultValue = "0.2")
          @JsonPropertyDescription("fraction of the examples to hold out, chosen at random")
          double heldOut,
      @JsonProperty
          @JsonPropertyDescription("an array of the same file to hold out, instead of a fraction")
          Optional<String> heldOutArray,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed holds the same examples out")
          long seed) {

    Settings {
      Examples.requireFraction(heldOut, "heldOutArray", heldOutArray.isPresent());
      if (array.isPresent() && array.equals(heldOutArray)) {
        throw new IllegalArgumentException(
            "heldOutArray must be another array than array, but both are '%s'"
                .formatted(array.get()));
      }
    }
  }

  private final String file;
  private final PackedTable training;
  private final String trainingName;
  private final String heldOutName;
  private final Shape element;
  private final Examples examples;

  @Inject
  NpzData(Settings settings) {
    DataFile npz = new DataFile(settings.path());
    file = npz.name();
    try (NpzArchive archive = new NpzArchive(npz)) {
      trainingName = archive.choose(settings.array(), settings.heldOutArray());
      heldOutName = settings.heldOutArray().orElse(trainingName);
      training = archive.read(trainingName);
      element = training.layout().element();
      if (settings.heldOutArray().isPresent()) {
        examples = Examples.of(training, heldOut(npz, archive));
      } else {
        if (training.rows() < 2) {
          throw npz.invalid(
              "array '%s' must hold at least 2 examples, but holds 1".formatted(trainingName));
        }
        examples = Examples.dealt(training, settings.heldOut(), settings.seed());
      }
    } catch (IOException e) {
      throw npz.unreadable(e);
    }
  }

  private NpzData(NpzData original, DataFile npz) {
    file = npz.name();
    training = original.training;
    trainingName = original.trainingName;
    heldOutName = original.heldOutName;
    element = original.element;
    try (NpzArchive archive = new NpzArchive(npz)) {
      examples = Examples.of(training, heldOut(npz, archive));
    } catch (IOException e) {
      throw npz.unreadable(e);
    }
  }

  private PackedTable heldOut(DataFile npz, NpzArchive archive) throws IOException {
    PackedTable heldOut = archive.read(heldOutName);
    if (!heldOut.layout().element().equals(element)) {
      throw npz.invalid(
          "examples of array '%s' have the shape %s, but those of '%s' have %s"
              .formatted(heldOutName, heldOut.layout().element(), trainingName, element));
    }
    return heldOut;
  }

  @Override
  public Shape element() {
    return element;
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
  }

  @Override
  public String place(Split split, int index) {
    String array = split == Split.TRAINING ? trainingName : heldOutName;
    return "%s: %s[%d]".formatted(file, array, examples.row(split, index));
  }

  /** Its array must have the name of the one that is held out here. */
  @Override
  public DataSource withHeldOut(Path file) {
    return new NpzData(this, new DataFile(file));
  }
}
