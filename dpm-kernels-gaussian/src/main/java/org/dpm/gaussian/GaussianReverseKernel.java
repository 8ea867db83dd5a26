package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/**
 * A belief N(D, v) about x_0: what the network's first output says of the mean D, and its second,
 * if there is one, of the variance v.
 */
final class GaussianReverseKernel implements ReverseKernel {

  /** What the network's first output is. */
  enum Prediction {
    /**
     * z in mu = (x_t - z)(1 - Sigma) + z, a step and no belief, on the variance-preserving path.
     * Sohl-Dickstein et al. 2015, appendix D.2.
     */
    PAPER,
    /** The noise e in x_t = a x_0 + s e. */
    NOISE,
    /** x_0 itself. */
    DATA,
    /** The gradient of log p(x_t), (a D - x_t) / s^2. */
    SCORE,
    /**
     * What is left to say of x_0 once each element's own mean and variance over the data have said
     * theirs: x_0 = E[x_0 | x_t] + sqrt(Var[x_0 | x_t]) z, with the moments that Gaussian elements
     * would have. The preconditioning of Karras et al. 2022, element by element; where every
     * element is z-scored by itself, and on the variance-preserving path, it is the velocity.
     */
    PRECONDITIONED,
    /** v = c e - ((1 - c a) / s) x_0, of which D = c x_t - s v: well scaled at every t. */
    VELOCITY
  }

  /** Where the belief's variance comes from. */
  enum Variance {
    /** v = e^z s^2 / (a^2 + s^2), z the network's second output for each element. */
    LEARNED,
    /** v = s^2 / (a^2 + s^2), what x_t leaves open where the data are noise. */
    FORWARD,
    /** v = 0: right where the data are a point; but the last step is as for {@link #FORWARD}. */
    POSTERIOR
  }

  record Settings(
      @JsonProperty(defaultValue = "preconditioned")
          @JsonAlias("mean")
          @JsonPropertyDescription("what the network predicts")
          Prediction prediction,
      @JsonProperty(defaultValue = "learned")
          @JsonPropertyDescription("variance of the belief about the data, and so of each step")
          Variance variance) {}

  private final Settings settings;
  private final ForwardKernel forward;
  private final GaussianPath path;
  private final PaperStep paper;
  private final Shape element;
  private final float[] mean;
  private final float[] variance;

  @Inject
  GaussianReverseKernel(
      Settings settings,
      ForwardKernel forward,
      GaussianPath path,
      Schedule schedule,
      Grid grid,
      DataSummary data) {
    this.settings = settings;
    this.forward = forward;
    this.path = path;
    paper = new PaperStep(path, schedule, grid, settings.variance());
    element = data.element();
    mean = new float[data.mean().size()];
    variance = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = data.mean().get(i).floatValue();
      variance[i] = (float) Math.pow(data.standardDeviation().get(i), 2);
    }
    switch (settings.prediction()) {
      case NOISE -> Ends.requireSignal(schedule, "reverse.prediction: noise");
      case SCORE -> Ends.requireSignal(schedule, "reverse.prediction: score");
      case PAPER -> requireVariancePreserving();
      default -> {}
    }
  }

  private void requireVariancePreserving() {
    if (!(path instanceof VariancePreserving)) {
      throw new InvalidInput(
          "reverse.prediction: paper is the step of the paper, whose path is variance-preserving. Set kernel.path: variance-preserving, or predict data, velocity or preconditioned.");
    }
  }

  @Override
  public int outputs() {
    return settings.variance() == Variance.LEARNED ? 2 : 1;
  }

  /** x_t / sqrt(a^2 + s^2). */
  @Override
  public NDArray input(NDArray current, Stage stage) {
    // On this path the sum is 1, and a division by 1 has a price in every update.
    return path instanceof VariancePreserving ? current : current.div(on(stage).total().sqrt());
  }

  @Override
  public Distribution data(NDArray current, NDArray output, Stage stage) {
    return settings.prediction() == Prediction.PAPER
        ? paper.data(current, output, stage)
        : belief(current, output, stage);
  }

  private DiagonalGaussian belief(NDArray current, NDArray output, Stage stage) {
    NDArray data = expected(current, element(output, 0), stage);
    NDArray logOpen = Logistic.log(stage.logSnr().neg());
    return switch (settings.variance()) {
      case LEARNED -> DiagonalGaussian.ofLogVariance(data, element(output, 1).add(logOpen));
      case FORWARD -> DiagonalGaussian.ofLogVariance(data, logOpen);
      case POSTERIOR -> DiagonalGaussian.ofLogVariance(data, logOpen.sub(Float.POSITIVE_INFINITY));
    };
  }

  /** D. */
  private NDArray expected(NDArray current, NDArray answer, Stage stage) {
    GaussianStage at = on(stage);
    return switch (settings.prediction()) {
      case PAPER -> throw new IllegalStateException("the paper's step is none of a belief");
      case NOISE -> current.sub(answer.mul(at.noise())).div(at.signal());
      case DATA -> answer;
      case SCORE -> current.add(answer.mul(at.noiseVariance())).div(at.signal());
      case PRECONDITIONED -> preconditioned(current, answer, at);
      case VELOCITY -> current.mul(at.velocityScale()).sub(answer.mul(at.noise()));
    };
  }

  /** x_0 of elements N(m, v) seen through x_t = a x_0 + s e, z deviations off. */
  private NDArray preconditioned(NDArray current, NDArray z, GaussianStage at) {
    NDArray m = constant(mean, current);
    NDArray v = constant(variance, current);
    NDArray root = at.signal();
    NDArray seen = v.mul(root.square()).add(at.noiseVariance());
    NDArray expected = m.add(current.sub(m.mul(root)).mul(v.mul(root).div(seen)));
    return expected.add(z.mul(v.sqrt().mul(at.noise()).div(seen.sqrt())));
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    if (settings.prediction() == Prediction.PAPER) {
      return paper.transition(current, output, stage);
    }
    DiagonalGaussian step = step(current, output, stage);
    if (settings.variance() != Variance.POSTERIOR) {
      return step;
    }
    // A point has no density: at the data the step is as wide as what x_t leaves open.
    NDArray variance =
        NDArrays.where(stage.previousNoise().gt(0f), on(stage).variance(), on(stage).open());
    return DiagonalGaussian.of(step.mean(), variance);
  }

  private DiagonalGaussian step(NDArray current, NDArray output, Stage stage) {
    DiagonalGaussian belief = belief(current, output, stage);
    if (settings.prediction() != Prediction.NOISE) {
      return (DiagonalGaussian) forward.posterior(belief, current, stage);
    }
    // Deep in the noise a is smaller than single precision holds, and a_t / a_s is not: with x_0 =
    // (x_t - s e) / a the factor of x_0, a_s (1 - e^d), becomes (1 - e^d) a_s / a_t of x_t - s e.
    GaussianStage at = on(stage);
    NDArray share = stage.lostShare().div(at.kept());
    NDArray free = current.sub(element(output, 0).mul(at.noise()));
    NDArray mean = free.mul(share).add(current.mul(at.ofCurrent()));
    NDArray doubt = at.ofData().square().mul(belief.variance());
    return DiagonalGaussian.of(mean, doubt.add(at.variance()));
  }

  private NDArray constant(float[] values, NDArray like) {
    NDArray array = like.getManager().create(values, new Shape(1).addAll(element));
    return array.toType(like.getDataType(), false);
  }

  private GaussianStage on(Stage stage) {
    return GaussianStage.of(path, stage);
  }

  static NDArray element(NDArray output, int index) {
    return output.split(output.getShape().get(1), 1).get(index).squeeze(1);
  }
}
