package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.DataSource;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.posterior.Denoiser;
import org.dpm.posterior.images.Comparisons;
import org.dpm.posterior.images.Images;
import org.dpm.posterior.images.Restoration;
import org.dpm.report.RestorationFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm denoise}. */
@Command(
    name = "denoise",
    description = "Remove white noise of known standard deviation from images.",
    mixinStandardHelpOptions = true)
final class DenoiseCommand implements Callable<Integer>, CommonOptions.Owner {

  /** What {@code --json} prints: mean squared errors, in squared z-scores. */
  private record Result(
      String directory, int images, int draws, long seed, Map<String, Double> meanSquaredErrors) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Mixin private ImageOptions images = new ImageOptions();

  @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Parameters(index = "1..*", paramLabel = "IMAGE", description = "PNG files.")
  private List<Path> files = List.of();

  @Option(
      names = "--sigma",
      required = true,
      description =
          "Standard deviation of the noise in the data's own units, such as 20 of 255 levels. To"
              + " held-out examples noise of this size is added first.")
  private double sigma = 0;

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "Steps of the whole trajectory; by default those of training.")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--seed",
      description = "The same seed draws the same; by default the seed of training.")
  private Optional<Long> chosenSeed = Optional.empty();

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.require(
        sigma > 0 && Double.isFinite(sigma), "--sigma must be positive, but is " + sigma);
    steps.ifPresent(n -> Arguments.require(n >= 2, "--steps must be at least 2, but is " + n));
    images.check();
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, device)) {
      Images originals = images.originals(model, registry, files);
      long seed = chosenSeed.orElseGet(() -> model.pipeline().training().seed());
      float[][] noisy = images.heldOut() > 0 ? originals.noisy(sigma, seed) : originals.values();
      Diffusion diffusion = steps.map(Grid::even).map(model::diffusion).orElseGet(model::diffusion);
      Denoiser denoiser = new Denoiser(model, diffusion);
      float[][][] drawn =
          common.timed(
              "denoising", told -> denoiser.draw(noisy, sigma, images.draws(), seed, told));
      Restoration restoration =
          new Restoration(originals, noisy, denoiser.mean(noisy, sigma), drawn);
      new RestorationFiles(restoration, model).write(images.out());
      Map<String, Double> errors = new LinkedHashMap<>();
      if (images.heldOut() > 0) {
        DataSource source = Wiring.dataSource(registry, model.pipeline());
        boolean[] all = new boolean[noisy[0].length];
        Arrays.fill(all, true);
        errors.putAll(new Comparisons(model, source, restoration, all).ofNoise(sigma));
      }
      images.tell(common, errors, "of the whole images");
      common.printJson(
          new Result(
              images.out().toString(), originals.names().size(), images.draws(), seed, errors));
    }
    return 0;
  }
}
