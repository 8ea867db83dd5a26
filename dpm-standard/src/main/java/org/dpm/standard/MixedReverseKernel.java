package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dpm.api.Component;
import org.dpm.api.DataSummary;
import org.dpm.api.Distribution;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.dpm.api.Variables;
import org.dpm.standard.MixedForwardKernel.Group;

/**
 * The way back of {@link MixedForwardKernel}: for the variables of each of its kernels the first of
 * some reverse kernels that goes with it.
 */
final class MixedReverseKernel implements ReverseKernel {

  record Settings(
      @JsonProperty(defaultValue = "[gaussian, binomial, categorical]")
          @JsonPropertyDescription(
              "reverse kernels to choose from: a kernel gets the first that goes with it")
          List<Component<ReverseKernel>> kernels) {

    Settings {
      kernels = List.copyOf(kernels);
    }
  }

  private final MixedForwardKernel forward;
  private final List<ReverseKernel> members = new ArrayList<>();

  @Inject
  MixedReverseKernel(
      Settings settings, ForwardKernel forward, DataSummary summary, Factory factory) {
    if (!(forward instanceof MixedForwardKernel mixed)) {
      throw new InvalidInput(
          "reverse.kind: 'mixed' restores what the kernel 'mixed' has destroyed, but the kernel is a %s. Set kernel.kind: mixed, or leave 'reverse' out."
              .formatted(forward.getClass().getSimpleName()));
    }
    this.forward = mixed;
    for (Group group : mixed.members()) {
      members.add(fitting(settings.kernels(), group, summary, factory));
    }
  }

  private static ReverseKernel fitting(
      List<Component<ReverseKernel>> kernels, Group group, DataSummary summary, Factory factory) {
    List<String> refusals = new ArrayList<>();
    for (Component<ReverseKernel> component : kernels) {
      try {
        return factory.create(
            component,
            Map.of(
                ForwardKernel.class,
                group.kernel(),
                Variables.class,
                group.variables(),
                DataSummary.class,
                group.of(summary)));
      } catch (InvalidInput e) {
        refusals.add(component.kind() + " says: " + e.getMessage());
      }
    }
    throw new InvalidInput(
        "reverse.kernels: none of them goes with %s: %s"
            .formatted(group.kernel().getClass().getSimpleName(), String.join(" ", refusals)));
  }

  /** The largest: some numbers are for some variables only. */
  @Override
  public int outputs() {
    return members.stream().mapToInt(ReverseKernel::outputs).max().orElseThrow();
  }

  @Override
  public boolean denoises() {
    return members.stream().allMatch(ReverseKernel::denoises);
  }

  @Override
  public NDArray input(NDArray current, Stage stage) {
    List<NDArray> apart = forward.groups().apart(current);
    return forward.groups().together(group -> members.get(group).input(apart.get(group), stage));
  }

  @Override
  public Distribution data(NDArray current, NDArray output, Stage stage) {
    return each(current, output, (member, x, answer) -> member.data(x, answer, stage));
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    return each(current, output, (member, x, answer) -> member.transition(x, answer, stage));
  }

  private interface Law {
    Distribution of(ReverseKernel member, NDArray current, NDArray output);
  }

  private MixedDistribution each(NDArray current, NDArray output, Law law) {
    List<NDArray> apart = forward.groups().apart(current);
    List<NDArray> answers = forward.groups().apart(output);
    return new MixedDistribution(
        forward.groups(),
        IntStream.range(0, members.size())
            .mapToObj(
                i -> {
                  ReverseKernel member = members.get(i);
                  NDArray own = answers.get(i).get(new NDIndex(":, :" + member.outputs()));
                  return law.of(member, apart.get(i), own);
                })
            .toList());
  }
}
