package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.Prior;
import org.dpm.api.WholeFile;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.data.table.TableFormat;
import org.dpm.data.table.TableSettings;
import org.dpm.data.table.TextTable;
import org.dpm.posterior.Imputation;
import org.dpm.posterior.Posterior;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm impute}. */
@Command(
    name = "impute",
    description = {
      "Fill the empty cells of a table with a model that was trained on such tables.",
      "By default with the mean of draws, and two columns more for each incomplete one, between"
          + " which the value lies with the probability of --interval. With --draws M all rows are"
          + " written M times, each time filled with another draw. What was there is returned to"
          + " the last character."
    },
    mixinStandardHelpOptions = true)
final class ImputeCommand implements Callable<Integer>, CommonOptions.Owner {

  /** Draws that a mean and an interval are made from. */
  private static final int FOR_INTERVALS = 200;

  /** What {@code --json} prints. */
  private record Result(String file, int rows, int incompleteRows, int filledCells, long seed) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Mixin private ParticleOptions particles = new ParticleOptions();

  @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "A table as text; missing cells are empty, NA, NaN or null.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where the filled table goes.")
  private Path out = Path.of("");

  @Option(
      names = "--draws",
      paramLabel = "M",
      description = "Multiple imputation: every row M times, with a column 'draw' in front.")
  private Optional<Integer> draws = Optional.empty();

  @Option(
      names = "--interval",
      paramLabel = "P",
      description = "Probability of the interval (default: ${DEFAULT-VALUE}).")
  private double interval = 0.9;

  @Option(
      names = "--keep",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns that the model does not know, to be copied as they are.")
  private List<String> kept = List.of();

  @Option(
      names = "--separator",
      paramLabel = "C",
      description = "What stands between two cells; by default as in the model's own tables.")
  private Optional<Character> separator = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    draws.ifPresent(m -> Arguments.require(m >= 1, "--draws must be at least 1, but is " + m));
    Arguments.require(
        interval > 0 && interval < 1, "--interval must be above 0 and below 1, but is " + interval);
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, particles.device())) {
      TextTable table = TextTable.read(file, format(model));
      Imputation imputation = new Imputation(table, model, kept);
      imputation.warnings().forEach(warning -> common.talk().println(warning));
      long seed = particles.seed(model);
      Posterior posterior =
          new Posterior(
              model,
              particles.diffusion(model),
              Prior.NOTHING,
              particles.settings(Imputation.PARTICLES));
      float[][][] drawn =
          common.timed(
              "imputation",
              told ->
                  posterior.complete(
                      imputation.incomplete(), draws.orElse(FOR_INTERVALS), seed, told));
      String sheet =
          draws.isPresent() ? imputation.draws(drawn) : imputation.intervals(drawn, interval);
      WholeFile.write(out, sheet);
      tell(imputation, table.rows(), seed);
    }
    return 0;
  }

  private TableFormat format(Model model) {
    TableFormat own =
        model.pipeline().data().settings() instanceof TableSettings settings
            ? settings.format()
            : TableFormat.USUAL;
    return separator.map(c -> new TableFormat(c, own.header())).orElse(own);
  }

  private void tell(Imputation imputation, int rows, long seed) {
    int incomplete = imputation.incomplete().length;
    int cells = imputation.missing();
    common
        .talk()
        .printf("%,d cells of %,d rows filled, of %,d, in %s%n", cells, incomplete, rows, out);
    common.printJson(new Result(out.toString(), rows, incomplete, cells, seed));
  }
}
