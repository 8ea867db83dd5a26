package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.dpm.api.Component;
import org.dpm.api.DataSummary;
import org.dpm.api.Distribution;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;

/**
 * Variables of several kinds in one diffusion: each gets the first of some kernels that takes its
 * values, and all dissolve by one schedule.
 */
final class MixedForwardKernel implements ForwardKernel {

  record Settings(
      @JsonProperty(defaultValue = "[gaussian, binomial, categorical]")
          @JsonPropertyDescription(
              "kernels to choose from: a variable gets the first that takes its values")
          List<Component<ForwardKernel>> kernels) {

    Settings {
      kernels = List.copyOf(kernels);
      if (kernels.isEmpty()) {
        throw new IllegalArgumentException("kernels must be at least one, but there are none");
      }
    }
  }

  /**
   * Variables of one kernel.
   *
   * @param places of its elements among those of an example
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Group(ForwardKernel kernel, Variables variables, int[] places) {

    /** What is known of its elements. */
    DataSummary of(DataSummary all) {
      // A kernel that has all of an example sees it in its own shape.
      if (places.length == all.mean().size()) {
        return all;
      }
      return new DataSummary(
          new ai.djl.ndarray.types.Shape(places.length),
          Arrays.stream(places).mapToObj(all.mean()::get).toList(),
          Arrays.stream(places).mapToObj(all.standardDeviation()::get).toList());
    }
  }

  private final List<Group> members = new ArrayList<>();
  private final Groups groups;

  @Inject
  MixedForwardKernel(Settings settings, Variables variables, DataSummary byCells, Factory factory) {
    List<Variable> modelled = variables.of(Role.MODELLED);
    int[] chosen =
        modelled.stream()
            .mapToInt(variable -> choice(settings.kernels(), variable, modelled, byCells, factory))
            .toArray();
    int[] used = Arrays.stream(chosen).distinct().sorted().toArray();
    int[] lengths = new int[modelled.size()];
    int[] numbers = new int[modelled.size()];
    int[] starts = new int[modelled.size()];
    for (int group = 0; group < used.length; group++) {
      int own = used[group];
      List<Variable> taken =
          IntStream.range(0, chosen.length)
              .filter(i -> chosen[i] == own)
              .mapToObj(modelled::get)
              .toList();
      ForwardKernel kernel =
          factory.create(settings.kernels().get(own), offers(taken, modelled, byCells));
      for (int i = 0; i < chosen.length; i++) {
        if (chosen[i] == own) {
          numbers[i] = group;
          lengths[i] = modelled.get(i).size() * kernel.width(modelled.get(i).space()).orElseThrow();
        }
      }
      members.add(new Group(kernel, new Variables(taken), new int[0]));
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + lengths[i - 1];
    }
    for (int group = 0; group < used.length; group++) {
      int own = group;
      int[] places =
          IntStream.range(0, numbers.length)
              .filter(i -> numbers[i] == own)
              .flatMap(i -> IntStream.range(starts[i], starts[i] + lengths[i]))
              .toArray();
      Group member = members.get(group);
      members.set(group, new Group(member.kernel(), member.variables(), places));
    }
    groups = new Groups(numbers, lengths);
  }

  /** The first kernel that can be built for a variable and takes its values. */
  private static int choice(
      List<Component<ForwardKernel>> kernels,
      Variable variable,
      List<Variable> modelled,
      DataSummary byCells,
      Factory factory) {
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < kernels.size(); i++) {
      try {
        ForwardKernel kernel =
            factory.create(kernels.get(i), offers(List.of(variable), modelled, byCells));
        if (kernel.width(variable.space()).isPresent()) {
          return i;
        }
        refusals.add("%s takes no %s".formatted(kernels.get(i).kind(), variable.space().title()));
      } catch (InvalidInput e) {
        refusals.add(kernels.get(i).kind() + " says: " + e.getMessage());
      }
    }
    throw new InvalidInput(
        "kernel.kernels: none of them takes '%s': %s."
            .formatted(variable.name(), String.join("; ", refusals)));
  }

  private static Map<Class<?>, Object> offers(
      List<Variable> some, List<Variable> modelled, DataSummary byCells) {
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    int cell = 0;
    for (Variable variable : modelled) {
      if (some.contains(variable)) {
        mean.addAll(byCells.mean().subList(cell, cell + variable.size()));
        deviation.addAll(byCells.standardDeviation().subList(cell, cell + variable.size()));
      }
      cell += variable.size();
    }
    return Map.of(
        Variables.class,
        new Variables(some),
        DataSummary.class,
        new DataSummary(new ai.djl.ndarray.types.Shape(mean.size()), mean, deviation));
  }

  /** The kernels with their variables. */
  List<Group> members() {
    return members;
  }

  Groups groups() {
    return groups;
  }

  @Override
  public OptionalInt width(Space space) {
    return members.stream()
        .map(member -> member.kernel().width(space))
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  @Override
  public boolean reparameterised() {
    return members.stream().allMatch(member -> member.kernel().reparameterised());
  }

  private MixedDistribution each(NDArray x, BiFunction<ForwardKernel, NDArray, Distribution> law) {
    List<NDArray> apart = groups.apart(x);
    return new MixedDistribution(
        groups,
        IntStream.range(0, members.size())
            .mapToObj(i -> law.apply(members.get(i).kernel(), apart.get(i)))
            .toList());
  }

  @Override
  public Distribution end(NDArray like, Stage stage) {
    return each(like, (kernel, own) -> kernel.end(own, stage));
  }

  @Override
  public Distribution alone(NDArray current, Stage stage) {
    return each(current, (kernel, own) -> kernel.alone(own, stage));
  }

  @Override
  public Distribution transition(NDArray previous, Stage stage) {
    return each(previous, (kernel, own) -> kernel.transition(own, stage));
  }

  @Override
  public Distribution marginal(NDArray data, Stage stage) {
    return each(data, (kernel, own) -> kernel.marginal(own, stage));
  }

  @Override
  public Distribution posterior(NDArray data, NDArray current, Stage stage) {
    List<NDArray> known = groups.apart(data);
    List<NDArray> apart = groups.apart(current);
    return new MixedDistribution(
        groups,
        IntStream.range(0, members.size())
            .mapToObj(i -> members.get(i).kernel().posterior(known.get(i), apart.get(i), stage))
            .toList());
  }

  @Override
  public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
    if (!(belief instanceof MixedDistribution mixed)) {
      throw new IllegalArgumentException(
          "a belief about mixed data must be mixed, but is " + belief.getClass().getSimpleName());
    }
    List<NDArray> apart = groups.apart(current);
    return new MixedDistribution(
        groups,
        IntStream.range(0, members.size())
            .mapToObj(i -> members.get(i).kernel().posterior(mixed.part(i), apart.get(i), stage))
            .toList());
  }
}
