package org.dpm.cli;

import java.nio.file.Path;
import java.util.Map;
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
    Require.that(draws >= 1, "--draws must be at least 1, but is " + draws);
    Require.that(heldOut >= 0, "--held-out must be at least 1, but is " + heldOut);
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
