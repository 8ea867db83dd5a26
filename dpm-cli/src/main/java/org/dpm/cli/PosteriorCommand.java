package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.Component;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.core.Model;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.data.table.SampleWriter;
import org.dpm.posterior.Posterior;
import org.dpm.report.Draws;
import org.dpm.report.picture.ImageSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm posterior}. */
@Command(
    name = "posterior",
    description = "Draw from a trained model times a prior r(x).",
    mixinStandardHelpOptions = true)
final class PosteriorCommand implements Callable<Integer>, CommonOptions.Owner {

  /** What {@code --json} prints; log Z only where several particles weigh against each other. */
  private record Result(
      String file,
      int count,
      int runs,
      long seed,
      Optional<Double> logEvidence,
      Optional<Double> logEvidenceStandardError,
      Optional<Boolean> logEvidenceReliable,
      Optional<Double> tail) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Mixin private ParticleOptions particles = new ParticleOptions();

  @Parameters(paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Option(
      names = "--prior",
      paramLabel = "FILE",
      required = true,
      description = "r(x): a YAML file with a kind and its settings.")
  private Path priorFile = Path.of("");

  @Option(
      names = "--count",
      description = "How many draws; rounded up to whole runs (default: ${DEFAULT-VALUE}).")
  private int count = 100;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to: a .csv, .npz or .png file.")
  private Path file = Path.of("");

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.require(count >= 1, "--count must be at least 1, but is " + count);
    SampleWriter writer = SampleWriter.to(file, new ImageSheet());
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, particles.device())) {
      Prior prior = prior(registry, model);
      int each = particles.settings(100).particles();
      int runs = (count + each - 1) / each;
      long seed = particles.seed(model);
      Posterior posterior =
          new Posterior(model, particles.diffusion(model), prior, particles.settings(100));
      Posterior.Draws draws = common.timed("posterior", told -> posterior.draw(runs, seed, told));
      writer.write(Draws.described(model, draws.values()));
      tell(draws, each, seed);
    }
    return 0;
  }

  /** What is wrong with the prior is told with its file's name. */
  private Prior prior(Registry registry, Model model) {
    Component<Prior> chosen = new PipelineReader(registry).component(Prior.class, priorFile);
    try {
      return model.prior(chosen);
    } catch (InvalidInput e) {
      throw new InvalidInput(
          e.problems().stream().map(problem -> priorFile + ": " + problem).toList());
    }
  }

  private void tell(Posterior.Draws draws, int each, long seed) {
    int runs = draws.logEvidence().length;
    int drawn = draws.values().length;
    boolean weighed = each > 1;
    boolean scattered = weighed && runs > 1;
    common.talk().printf("%,d draws in %s, %,d runs of %,d%n", drawn, file, runs, each);
    if (scattered) {
      common
          .talk()
          .printf("log Z %.3f +- %.3f nats%n", draws.logEvidenceOfAll(), draws.standardError());
      if (!draws.reliable()) {
        common
            .talk()
            .printf(
                "not reliable, log Z and draws: a few of the weights have a large part of them"
                    + " all.%n  Tail index %.2f (0.7 is too much), and %d runs are worth %.1f."
                    + " More --particles, or of a%n  second model more trajectories, may help.%n",
                draws.tail(), runs, draws.effectiveRuns());
      }
    } else if (weighed) {
      common.talk().printf("log Z %.3f nats%n", draws.logEvidenceOfAll());
    }
    common.printJson(
        new Result(
            file.toString(),
            drawn,
            runs,
            seed,
            weighed ? Optional.of(draws.logEvidenceOfAll()) : Optional.empty(),
            scattered ? Optional.of(draws.standardError()) : Optional.empty(),
            scattered ? Optional.of(draws.reliable()) : Optional.empty(),
            Double.isFinite(draws.tail()) ? Optional.of(draws.tail()) : Optional.empty()));
  }
}
