package org.dpm.cli;

import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.core.Model;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import picocli.CommandLine.Option;

/** How posteriors are drawn from, and how much is spent on it. */
final class ParticleOptions {

  @Option(
      names = "--particles",
      paramLabel = "P",
      description =
          "How many draws of a run are weighed against each other: 1 is a perturbed reverse"
              + " trajectory as in the paper, more come closer to the exact posterior.")
  private Optional<Integer> particles = Optional.empty();

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description =
          "How often each step is diffused again and taken once more; by default 9 for inpaint, and"
              + " 0 otherwise.")
  private Optional<Integer> repeats = Optional.empty();

  @Option(
      names = "--guidance",
      paramLabel = "N",
      description =
          "How many derivatives of the network each step is moved by, so that what is drawn agrees"
              + " with elements that are known exactly. By default 1 for a single particle, and 0,"
              + " which is none, for several, which are weighed, and where steps are repeated.")
  private Optional<Integer> guidance = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "T",
      description =
          "Steps of the trajectory; by default those of training, and for inpaint at most 50, since"
              + " few steps often repeated are better than many.")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--seed",
      description = "The same seed draws the same; by default the seed of training.")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  /**
   * What was chosen.
   *
   * @param usual particles where nothing was said
   */
  Settings settings(int usual) {
    return settings(usual, 0);
  }

  /**
   * What was chosen.
   *
   * @param usual particles where nothing was said
   * @param usualRepeats likewise
   */
  Settings settings(int usual, int usualRepeats) {
    int again = repeats.orElse(usualRepeats);
    int chosen = particles.orElse(usual);
    Arguments.require(chosen >= 1, "--particles must be at least 1, but is " + chosen);
    Arguments.require(again >= 0, "--repeats must be 0 or more, but is " + again);
    int derivatives = guidance.orElse(again > 0 ? 0 : new Settings(chosen).guidance());
    Arguments.require(derivatives >= 0, "--guidance must be 0 or more, but is " + derivatives);
    return new Settings(chosen, 0.5, again, derivatives);
  }

  Diffusion diffusion(Model model) {
    steps.ifPresent(n -> Arguments.require(n >= 2, "--steps must be at least 2, but is " + n));
    return steps.map(Grid::even).map(model::diffusion).orElseGet(model::diffusion);
  }

  /** With no more steps than {@code most} where nothing was said and the network allows it. */
  Diffusion diffusion(Model model, int most) {
    boolean fewer =
        steps.isEmpty()
            && model.parts().network().anyTime()
            && model.pipeline().trajectory().steps() > most;
    return fewer ? model.diffusion(Grid.even(most)) : diffusion(model);
  }

  long seed(Model model) {
    return seed.orElseGet(() -> model.pipeline().training().seed());
  }

  Optional<String> device() {
    return device;
  }
}
