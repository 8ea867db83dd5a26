package org.dpm.cli;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.data.image.ImageLevels;
import org.dpm.posterior.Posterior;
import org.dpm.posterior.images.Comparisons;
import org.dpm.posterior.images.Images;
import org.dpm.posterior.images.Restoration;
import org.dpm.report.RestorationFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm inpaint}. */
@Command(
    name = "inpaint",
    description = "Draw what is hidden of images, given what is seen of them.",
    mixinStandardHelpOptions = true)
final class InpaintCommand implements Callable<Integer>, CommonOptions.Owner {

  /**
   * Where nothing was said, the network is asked as often as for 500 steps that are not repeated.
   */
  private static final int STEPS = 50;

  private static final int REPEATS = 9;

  /** Half of an image. */
  enum Half {
    LEFT,
    RIGHT,
    TOP,
    BOTTOM
  }

  /** What {@code --json} prints: mean squared errors of what is hidden, in squared z-scores. */
  private record Result(
      String directory, int images, int draws, long seed, Map<String, Double> meanSquaredErrors) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Mixin private ParticleOptions particles = new ParticleOptions();

  @Mixin private ImageOptions images = new ImageOptions();

  @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Parameters(index = "1..*", paramLabel = "IMAGE", description = "PNG files.")
  private List<Path> files = List.of();

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "An image of the same size, white where to draw and black where to believe.")
  private Optional<Path> mask = Optional.empty();

  @Option(
      names = "--hide",
      paramLabel = "HALF",
      description = "Instead of a mask: left, right, top or bottom.")
  private Optional<Half> hide = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    if (mask.isPresent() == hide.isPresent()) {
      throw new InvalidInput("say what is hidden: either --mask FILE or --hide HALF.");
    }
    images.check();
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, particles.device())) {
      Images originals = images.originals(model, registry, files);
      boolean[] hidden = hidden(model.layout().shape());
      float[][] seen = originals.without(hidden);
      long seed = particles.seed(model);
      Posterior posterior =
          new Posterior(
              model,
              particles.diffusion(model, STEPS),
              Prior.NOTHING,
              particles.settings(1, REPEATS));
      float[][][] drawn =
          common.timed("inpainting", told -> posterior.complete(seen, images.draws(), seed, told));
      Restoration restoration = Restoration.byMeans(originals, shown(seen, model), drawn);
      new RestorationFiles(restoration, model).write(images.out());
      Map<String, Double> errors = new LinkedHashMap<>();
      if (images.heldOut() > 0) {
        DataSource source = Wiring.dataSource(registry, model.pipeline());
        errors.putAll(new Comparisons(model, source, restoration, hidden).ofHidden());
      }
      images.tell(common, errors, "of what is hidden");
      common.printJson(
          new Result(
              images.out().toString(), originals.names().size(), images.draws(), seed, errors));
    }
    return 0;
  }

  private boolean[] hidden(Shape element) {
    int channels = (int) element.get(0);
    int height = (int) element.get(1);
    int width = (int) element.get(2);
    boolean[] hidden = new boolean[channels * height * width];
    Optional<int[]> white = mask.map(file -> ImageLevels.read(file, element));
    for (int i = 0; i < hidden.length; i++) {
      int x = i % width;
      int y = i / width % height;
      int level = i;
      hidden[i] =
          white
              .map(levels -> levels[level] >= 128)
              .orElseGet(() -> inside(hide.orElseThrow(), x, y, width, height));
    }
    return hidden;
  }

  private static boolean inside(Half half, int x, int y, int width, int height) {
    return switch (half) {
      case LEFT -> 2 * x < width;
      case RIGHT -> 2 * x >= width;
      case TOP -> 2 * y < height;
      case BOTTOM -> 2 * y >= height;
    };
  }

  /** What is hidden in the middle between black and white. */
  private static float[][] shown(float[][] seen, Model model) {
    float grey = (float) ((model.data().minimum() + model.data().maximum()) / 2);
    float[][] shown = new float[seen.length][];
    for (int i = 0; i < seen.length; i++) {
      shown[i] = seen[i].clone();
      for (int j = 0; j < shown[i].length; j++) {
        shown[i][j] = Float.isNaN(shown[i][j]) ? grey : shown[i][j];
      }
    }
    return shown;
  }
}
