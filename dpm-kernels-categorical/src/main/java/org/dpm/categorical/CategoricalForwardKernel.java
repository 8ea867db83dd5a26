package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.OptionalInt;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variables;

/**
 * Classes that are replaced, each with probability beta, by one of pi, so that x_t is of abar x_0 +
 * (1 - abar) pi. Austin et al. 2021, appendix A.2.
 *
 * <p>With Q = kept I + lost 1 pi', what x says of a later class is Q' x, and what it says of an
 * earlier one Q x: all below is made of these two. The null law is uniform over the labels. Arrays
 * are [B, cells, widest] inside; an example that a model sees is [slots].
 */
final class CategoricalForwardKernel implements ForwardKernel {

  /** What classes are replaced by, pi. */
  enum Transition {
    /** Any label, all alike. */
    UNIFORM,
    /** A mask, which is one class more than there are labels, and the last. */
    ABSORBING
  }

  record Settings(
      @JsonProperty(defaultValue = "uniform")
          @JsonPropertyDescription("what a class is replaced by: any other, or a mask")
          Transition transition) {}

  private final Transition transition;
  private final Blocks blocks;

  @Inject
  CategoricalForwardKernel(Settings settings, Variables variables) {
    transition = settings.transition();
    blocks = Blocks.of(variables, this::width);
  }

  /** As many as there are labels, and one for a mask. */
  @Override
  public OptionalInt width(Space space) {
    return space instanceof Space.Category category
        ? OptionalInt.of(category.labels().size() + masks())
        : OptionalInt.empty();
  }

  private int masks() {
    return transition == Transition.ABSORBING ? 1 : 0;
  }

  /** A drawn class is one of several, whatever it was drawn from. */
  @Override
  public boolean reparameterised() {
    return false;
  }

  /** Q' of the null law. */
  @Override
  public Categorical end(NDArray like, Stage stage) {
    NDArray each = blocks.apart(like, 0).zerosLike().add(nullLaw(like));
    return later(each, stage.signal(), stage.noise());
  }

  /** Bayes' rule on the null law: its logarithm, and that of Q x_t. */
  @Override
  public Categorical alone(NDArray current, Stage stage) {
    NDArray seen = earlier(blocks.apart(current, 0), stage.signal(), stage.noise());
    return Categorical.ofLog(blocks, Logarithms.of(seen).add(Logarithms.of(nullLaw(current))));
  }

  @Override
  public Categorical transition(NDArray previous, Stage stage) {
    return later(blocks.apart(previous, 0), stage.kept(), stage.beta());
  }

  @Override
  public Categorical marginal(NDArray data, Stage stage) {
    return later(blocks.apart(data, 0), stage.signal(), stage.noise());
  }

  @Override
  public Categorical posterior(NDArray data, NDArray current, Stage stage) {
    return posterior(Categorical.of(blocks, blocks.apart(data, 0)), current, stage);
  }

  /**
   * For each x_0, x_s still is x_0 or has been replaced by a class that led to x_t: the share of
   * the two in q(x_t | x_0) is what is averaged over the belief. Classes that cannot have led to
   * x_t have no part in it.
   */
  @Override
  public Categorical posterior(Distribution belief, NDArray current, Stage stage) {
    if (!(belief instanceof Categorical data && data.blocks().equals(blocks))) {
      throw new IllegalArgumentException(
          "a belief about categories must be of the same categories, but is "
              + belief.getClass().getSimpleName());
    }
    NDArray seen = earlier(blocks.apart(current, 0), stage.kept(), stage.beta());
    NDArray fromNoise = noise(current).mul(seen);
    NDArray replaced = total(fromNoise).mul(each(stage.previousNoise()));
    NDArray stayed = seen.mul(each(stage.previousSignal()));
    NDArray chance = orOne(stayed.add(replaced));
    NDArray share = total(data.log().exp().mul(replaced.div(chance)));
    NDArray bySame = data.log().add(Logarithms.of(stayed.div(chance)));
    NDArray byNoise = Logarithms.of(fromNoise.div(orOne(total(fromNoise))).mul(share));
    NDArray mixed = Logarithms.sum(bySame, byNoise);
    NDArray open = mixed.zerosLike().add(each(stage.previousNoise())).gt(0f);
    return Categorical.ofLog(blocks, NDArrays.where(open, mixed, data.log()));
  }

  /** Q' x: the law of a later class. */
  private Categorical later(NDArray x, NDArray kept, NDArray lost) {
    return Categorical.of(blocks, x.mul(each(kept)).add(noise(x).mul(each(lost))));
  }

  /** Q x: how likely x is after each earlier class, up to a factor. */
  private NDArray earlier(NDArray x, NDArray kept, NDArray lost) {
    NDArray led = total(noise(x).mul(x));
    // Where noise never leads, what was kept is that factor, which may be 0.
    NDArray own = NDArrays.where(led.gt(0f), led.zerosLike().add(each(kept)), led.onesLike());
    return x.mul(own).add(led.mul(each(lost)));
  }

  /** pi. */
  private NDArray noise(NDArray like) {
    return transition == Transition.ABSORBING
        ? blocks.constant(like, (width, k) -> k == width - 1 ? 1 : 0)
        : nullLaw(like);
  }

  private NDArray nullLaw(NDArray like) {
    return blocks.constant(like, (width, k) -> k < width - masks() ? 1.0 / (width - masks()) : 0);
  }

  /** Of each example, against [B, cells, widest]. */
  private static NDArray each(NDArray ofStage) {
    return ofStage.reshape(-1, 1, 1);
  }

  /** Over the classes of a cell. */
  private static NDArray total(NDArray cells) {
    return cells.sum(new int[] {2}, true);
  }

  private static NDArray orOne(NDArray divisor) {
    return NDArrays.where(divisor.gt(0f), divisor, divisor.onesLike());
  }
}
