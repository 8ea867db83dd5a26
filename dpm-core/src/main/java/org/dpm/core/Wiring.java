package org.dpm.core;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.DataSummary;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Need;
import org.dpm.api.Needs;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.engine.Devices;

/**
 * Puts the components of a pipeline together. What a constructor may ask for is said at {@link
 * org.dpm.api.Extension}; what does not fit is refused before anything runs, naming both sides.
 */
public final class Wiring {

  private Wiring() {}

  /**
   * Builds the data source alone: the other components may depend on what is in the data.
   *
   * @throws InvalidInput if it refuses its settings, its files, or cannot be built
   */
  public static DataSource dataSource(Registry registry, Pipeline pipeline) {
    return new Workshop(registry).create(pipeline.data());
  }

  /**
   * Builds all other components. Each is built once and shared by those that ask for it.
   *
   * @throws InvalidInput if one of them refuses its settings or the data, if two do not fit each
   *     other, or if one cannot be built
   */
  public static Parts parts(Registry registry, Pipeline pipeline, DataDescription data) {
    // The kernel says how many numbers a value takes: before that, data are known by cells.
    Workshop first =
        new Workshop(registry)
            .offer(Grid.class, pipeline.trajectory())
            .offer(Variables.class, data.variables())
            .offer(DataSummary.class, byCells(data))
            .offer(pipeline.schedule())
            .offer(pipeline.kernel());
    Schedule schedule = first.get(Schedule.class);
    ForwardKernel forward = first.get(ForwardKernel.class);
    requireTaken(first, forward, data.variables());
    if (!schedule.parameters().isEmpty() && !forward.reparameterised()) {
      throw new InvalidInput(
          "schedule: %s learns how fast the data dissolve, but draws of %s carry no gradient that it could follow.%s"
              .formatted(
                  first.title(schedule),
                  first.title(forward),
                  first.suited(Schedule.class, other -> other.parameters().isEmpty())));
    }
    Layout layout = new Layout(data, forward);
    Workshop rest =
        first
            .next()
            .offer(Grid.class, pipeline.trajectory())
            .offer(Variables.class, data.variables())
            .offer(DataSummary.class, layout.summary())
            .offer(Schedule.class, schedule)
            .offer(ForwardKernel.class, forward)
            .offer(pipeline.reverse())
            .offer(pipeline.network())
            .offer(pipeline.objective());
    pipeline.sampler().ifPresent(rest::offer);
    Parts parts =
        new Parts(
            schedule,
            forward,
            rest.get(ReverseKernel.class),
            rest.get(Network.class),
            rest.get(Objective.class),
            pipeline.sampler().map(chosen -> rest.get(Sampler.class)),
            layout);
    checkNeeds(first, rest);
    return parts;
  }

  /** One number for each cell; of a category only that it is there. */
  private static DataSummary byCells(DataDescription data) {
    return Layout.byCells(data).summary();
  }

  private static void requireTaken(Workshop workshop, ForwardKernel forward, Variables variables) {
    List<Variable> modelled = variables.of(Variable.Role.MODELLED);
    for (Variable variable : modelled) {
      if (forward.width(variable.space()).isEmpty()) {
        String suited =
            workshop.suited(
                ForwardKernel.class,
                kernel ->
                    modelled.stream().allMatch(each -> kernel.width(each.space()).isPresent()));
        throw new InvalidInput(
            "kernel: %s takes no %s, but '%s' is of them.%s"
                .formatted(
                    workshop.title(forward), variable.space().title(), variable.name(), suited));
      }
    }
  }

  private static void checkNeeds(Workshop first, Workshop rest) {
    for (Workshop.Built one : rest.built()) {
      Needs needs = one.part().getClass().getAnnotation(Needs.class);
      if (needs != null) {
        for (Need need : needs.value()) {
          lacking(first, rest, need)
              .ifPresent(
                  lack -> {
                    throw new InvalidInput(one.installed().name() + " needs " + lack);
                  });
        }
      }
    }
  }

  /** What is not there of what somebody needs, to end a sentence. */
  private static Optional<String> lacking(Workshop first, Workshop rest, Need need) {
    return switch (need) {
      case GAUSSIAN_PATH ->
          lack(
              rest.get(ForwardKernel.class).path().isPresent(),
              "a Gaussian path, which %s has not.%s",
              first.title(rest.get(ForwardKernel.class)),
              () -> first.suited(ForwardKernel.class, kernel -> kernel.path().isPresent()));
      case DENOISER ->
          lack(
              rest.get(ReverseKernel.class).denoises(),
              "a belief about the data, but %s as it is set predicts steps.%s",
              rest.title(rest.get(ReverseKernel.class)),
              () -> rest.suited(ReverseKernel.class, ReverseKernel::denoises));
      case ANY_TIME ->
          lack(
              rest.get(Network.class).anyTime(),
              "answers at any time, but %s as it is set has a readout for each step.%s",
              rest.title(rest.get(Network.class)),
              () -> rest.suited(Network.class, Network::anyTime));
      case FIXED_SCHEDULE ->
          lack(
              rest.get(Schedule.class).parameters().isEmpty(),
              "a schedule that is fixed, but %s is learned.%s",
              first.title(rest.get(Schedule.class)),
              () -> first.suited(Schedule.class, other -> other.parameters().isEmpty()));
      case SIGNAL_AT_END ->
          lack(
              leavesSignal(rest.get(Schedule.class)),
              "a little signal at time 1, but %s leaves none.%s",
              first.title(rest.get(Schedule.class)),
              () -> first.suited(Schedule.class, Wiring::leavesSignal));
    };
  }

  /** One that is learned has no parameters yet, and is finite whatever they are. */
  private static boolean leavesSignal(Schedule schedule) {
    if (!schedule.parameters().isEmpty()) {
      return true;
    }
    try (NDManager manager = NDManager.newBaseManager(Devices.engine().getEngineName())) {
      return Float.isFinite(schedule.logSnr(manager.ones(new Shape(1))).getFloat());
    }
  }

  private static Optional<String> lack(
      boolean there, String what, String who, java.util.function.Supplier<String> suited) {
    return there ? Optional.empty() : Optional.of(what.formatted(who, suited.get()));
  }
}
