package org.dpm.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.file.DataFile;
import org.dpm.data.file.DataFolder;
import org.dpm.data.image.ImageSettings;

/**
 * The colour images of CIFAR-10 in its binary version: five files of training examples, and one
 * whose examples are held out. Labels are left aside. Levels from 0 to 255 are kept as bytes, and
 * are made continuous as they are read.
 */
final class Cifar10Data implements DataSource {

  record Settings(
      @JsonProperty
          @JsonPropertyDescription(
              "the folder of data_batch_1.bin to data_batch_5.bin and test_batch.bin")
          Path path,
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription("whether to add uniform noise of one level")
          boolean dequantise,
      @JsonProperty @JsonPropertyDescription("use only so many images of each of the two sets")
          Optional<Integer> limit,
      @JsonProperty
          @JsonPropertyDescription("how to get the files, told to the user when one is absent")
          Optional<String> obtain)
      implements ImageSettings {

    Settings {
      if (limit.isPresent() && limit.get() < 2) {
        throw new IllegalArgumentException("limit must be at least 2, but is " + limit.get());
      }
    }

    /** Levels are bytes. */
    @Override
    public double white() {
      return 255;
    }
  }

  private static final List<String> TRAINING_FILES =
      IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList();

  private static final List<String> HELD_OUT_FILES = List.of("test_batch.bin");

  private final Cifar10Records training;
  private final Cifar10Records heldOut;
  private final Splits examples;
  private final boolean dequantise;

  @Inject
  Cifar10Data(Settings settings) {
    this(
        records(settings, TRAINING_FILES),
        records(settings, HELD_OUT_FILES),
        settings.dequantise());
  }

  private Cifar10Data(Cifar10Records training, Cifar10Records heldOut, boolean dequantise) {
    this.training = training;
    this.heldOut = heldOut;
    this.dequantise = dequantise;
    examples = Splits.of(training.images(), heldOut.images());
  }

  private static Cifar10Records records(Settings settings, List<String> names) {
    new DataFolder(settings.path(), settings.obtain());
    List<DataFile> files = files(settings.path(), names, settings.obtain());
    return new Cifar10Records(files, settings.limit().orElse(Integer.MAX_VALUE));
  }

  private static List<DataFile> files(Path folder, List<String> names, Optional<String> obtain) {
    return names.stream().map(name -> new DataFile(folder.resolve(name), obtain)).toList();
  }

  @Override
  public Variables variables() {
    return Variables.of(
        Variable.array("image", Cifar10Records.ELEMENT, Dequantisation.space(dequantise)));
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
    if (dequantise) {
      Dequantisation.add(noise, target, offset, (int) Cifar10Records.ELEMENT.size());
    }
  }

  @Override
  public String place(Split split, int index) {
    return (split == Split.TRAINING ? training : heldOut).place(index);
  }

  @Override
  public DataSource withHeldOut(Path file) {
    List<DataFile> files = List.of(new DataFile(file, Optional.empty()));
    return new Cifar10Data(training, new Cifar10Records(files, Integer.MAX_VALUE), dequantise);
  }
}
