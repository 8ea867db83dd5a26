package org.dpm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.posterior.images.Images;
import picocli.CommandLine.Option;

/** What commands that restore images have in common. */
final class ImageOptions {

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description =
          "Instead of files: the first N held-out examples of the model's own data, with the error"
              + " of what is drawn beside that of simpler methods.")
  private int heldOut = 0;

  @Option(
      names = "--draws",
      paramLabel = "M",
      description = "For each (default: ${DEFAULT-VALUE}).")
  private int draws = 20;

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      required = true,
      description =
          "Receives sheet.png, the estimates (restored.csv, restored.npz and an image each), and"
              + " draws.npz.")
  private Path out = Path.of("");

  void check() {
    Arguments.require(draws >= 1, "--draws must be at least 1, but is " + draws);
    Arguments.require(heldOut >= 0, "--held-out must be at least 1, but is " + heldOut);
  }

  /**
   * Reads the files, or the first held-out examples of the model's own data.
   *
   * @throws InvalidInput if there are neither or both, or one has another shape than the model's
   */
  Images originals(Model model, Registry registry, List<Path> files) {
    Images.check(model);
    if (files.isEmpty() == (heldOut == 0)) {
      throw new InvalidInput(
          "give images, or --held-out N for N of the model's held-out examples.");
    }
    if (!files.isEmpty()) {
      return Images.read(model, files);
    }
    DataSource source = Wiring.dataSource(registry, model.pipeline());
    int there = source.count(Split.HELD_OUT);
    Arguments.require(
        heldOut >= 1 && heldOut <= there,
        "--held-out must be 1 to %d, but is %d".formatted(there, heldOut));
    return Images.heldOut(source, heldOut, model.pipeline().training().seed());
  }

  int heldOut() {
    return heldOut;
  }

  int draws() {
    return draws;
  }

  Path out() {
    return out;
  }

  /** Prints where the results are, and errors if there are any. */
  void tell(CommonOptions common, Map<String, Double> errors, String what) {
    common.talk().printf("%s and more in %s%n", out.resolve("sheet.png"), out);
    if (!errors.isEmpty()) {
      common.talk().printf("mean squared error %s, in squared z-scores:%n", what);
      errors.forEach((name, error) -> common.talk().printf("  %-28s %.4f%n", name, error));
    }
  }
}
