package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.Distribution;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;

/** Independent groups of elements, each with a law of its own family. */
final class MixedDistribution implements Multipliable {

  private final Groups groups;
  private final List<Distribution> parts;

  MixedDistribution(Groups groups, List<Distribution> parts) {
    this.groups = groups;
    this.parts = List.copyOf(parts);
  }

  /** That of a group. */
  Distribution part(int group) {
    return parts.get(group);
  }

  private NDArray each(Function<Distribution, NDArray> value) {
    return groups.together(group -> value.apply(parts.get(group)));
  }

  @Override
  public NDArray sample(Noise noise) {
    return each(part -> part.sample(noise));
  }

  @Override
  public NDArray mean() {
    return each(Distribution::mean);
  }

  @Override
  public NDArray logProbability(NDArray x) {
    List<NDArray> apart = groups.apart(x);
    return groups.together(group -> parts.get(group).logProbability(apart.get(group)));
  }

  @Override
  public NDArray entropy() {
    return each(Distribution::entropy);
  }

  @Override
  public NDArray divergence(Distribution other) {
    MixedDistribution that = mixed(other);
    return groups.together(group -> parts.get(group).divergence(that.parts.get(group)));
  }

  @Override
  public Multipliable times(Distribution factor) {
    MixedDistribution that = mixed(factor);
    return all((part, group) -> part.times(that.parts.get(group)));
  }

  @Override
  public Multipliable times(Distribution factor, Distribution divisor) {
    MixedDistribution over = mixed(factor);
    MixedDistribution under = mixed(divisor);
    return all((part, group) -> part.times(over.parts.get(group), under.parts.get(group)));
  }

  @Override
  public Multipliable power(NDArray exponent) {
    // One for all elements of an example, or one for each.
    boolean shared = exponent.getShape().get(exponent.getShape().dimension() - 1) == 1;
    List<NDArray> apart = shared ? List.of() : groups.apart(exponent);
    return all((part, group) -> part.power(shared ? exponent : apart.get(group)));
  }

  @Override
  public Multipliable tilted(NDArray gradient) {
    List<NDArray> apart = groups.apart(gradient);
    return all((part, group) -> part.tilted(apart.get(group)));
  }

  @Override
  public Multipliable affine(NDArray scale, NDArray shift) {
    List<NDArray> scales = groups.apart(scale);
    List<NDArray> shifts = groups.apart(shift);
    return all((part, group) -> part.affine(scales.get(group), shifts.get(group)));
  }

  @Override
  public Multipliable repeated(long count) {
    return all((part, group) -> part.repeated(count));
  }

  private MixedDistribution all(BiFunction<Multipliable, Integer, Multipliable> change) {
    List<Distribution> changed =
        IntStream.range(0, parts.size())
            .<Distribution>mapToObj(group -> change.apply(multipliable(parts.get(group)), group))
            .toList();
    return new MixedDistribution(groups, changed);
  }

  private static Multipliable multipliable(Distribution part) {
    if (part instanceof Multipliable known) {
      return known;
    }
    throw new IllegalArgumentException(part.getClass().getSimpleName() + " has no products");
  }

  private static MixedDistribution mixed(Distribution other) {
    if (other instanceof MixedDistribution that) {
      return that;
    }
    throw new IllegalArgumentException(
        "mixed laws go with mixed laws, not with " + other.getClass().getSimpleName());
  }
}
