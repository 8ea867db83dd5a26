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
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.file.DataFile;

/**
 * Arrays that NumPy saved with {@code savez} or {@code savez_compressed}. The first axis counts the
 * examples; an array of one axis holds examples of one number.
 *
 * <p>What the numbers are is for the user to say: where an example has two axes or more, those of
 * the last two share centre and scale, as the pixels of an image do; otherwise each has its own.
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
          long seed,
      @JsonProperty
          @JsonPropertyDescription(
              "over how many of an example's last axes numbers are of one kind and share centre and"
                  + " scale; 2 if it has two axes or more, otherwise 0")
          Optional<Integer> pooled,
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription("whether the array holds 0 and 1 only, which are no numbers")
          boolean bits) {

    Settings {
      Splits.requireFraction(heldOut, "heldOutArray", heldOutArray.isPresent());
      if (array.isPresent() && array.equals(heldOutArray)) {
        throw new IllegalArgumentException(
            "heldOutArray must be another array than array, but both are '%s'"
                .formatted(array.get()));
      }
      if (pooled.isPresent() && pooled.get() < 0) {
        throw new IllegalArgumentException("pooled must be 0 or more, but is " + pooled.get());
      }
      if (pooled.isPresent() && bits) {
        throw new IllegalArgumentException(
            "pooled must be left out with bits, which are not scaled, but is " + pooled.get());
      }
    }
  }

  private final String file;
  private final PackedRows training;
  private final String trainingName;
  private final String heldOutName;
  private final Variable variable;
  private final boolean bits;
  private final Splits examples;

  @Inject
  NpzData(Settings settings) {
    DataFile npz = new DataFile(settings.path());
    file = npz.name();
    bits = settings.bits();
    try (NpzArchive archive = new NpzArchive(npz)) {
      trainingName = archive.choose(settings.array(), settings.heldOutArray());
      heldOutName = settings.heldOutArray().orElse(trainingName);
      training = archive.read(trainingName, bits);
      variable = variable(npz, settings);
      if (settings.heldOutArray().isPresent()) {
        examples = Splits.of(training, heldOut(npz, archive));
      } else {
        if (training.rows() < 2) {
          throw npz.invalid(
              "array '%s' must hold at least 2 examples, but holds 1".formatted(trainingName));
        }
        examples = Splits.dealt(training, settings.heldOut(), settings.seed());
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
    variable = original.variable;
    bits = original.bits;
    try (NpzArchive archive = new NpzArchive(npz)) {
      examples = Splits.of(training, heldOut(npz, archive));
    } catch (IOException e) {
      throw npz.unreadable(e);
    }
  }

  private Variable variable(DataFile npz, Settings settings) {
    Shape element = training.layout().element();
    Space space = bits ? new Space.Bit() : new Space.Real(0);
    Variable usual = Variable.array(trainingName, element, space);
    int pooled = settings.pooled().orElse(usual.pooled());
    if (pooled > element.dimension()) {
      throw npz.invalid(
          "pooled must be 0 to %d, the axes of an example of array '%s', but is %d"
              .formatted(element.dimension(), trainingName, pooled));
    }
    return new Variable(trainingName, element, space, usual.role(), pooled);
  }

  private PackedRows heldOut(DataFile npz, NpzArchive archive) throws IOException {
    PackedRows heldOut = archive.read(heldOutName, bits);
    if (!heldOut.layout().element().equals(variable.shape())) {
      throw npz.invalid(
          "examples of array '%s' have the shape %s, but those of '%s' have %s"
              .formatted(heldOutName, heldOut.layout().element(), trainingName, variable.shape()));
    }
    return heldOut;
  }

  @Override
  public Variables variables() {
    return Variables.of(variable);
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
