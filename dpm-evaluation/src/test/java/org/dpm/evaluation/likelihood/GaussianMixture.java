package org.dpm.evaluation.likelihood;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.testkit.KnownModel;

/**
 * Data from a mixture of Gaussians, equally likely, for which Bayes' rule gives the first two
 * moments of every reverse step in closed form: all that there is to know for one component.
 */
record GaussianMixture(List<Component> components) {

  /** N(mean, variance) in each of its dimensions. */
  record Component(List<Double> mean, List<Double> variance) {}

  /** From nearly all signal to nearly all noise: abar from 0.9999 to 0.0001. */
  static final Schedule SCHEDULE = time -> time.mul(-18.4).add(9.2);

  static GaussianMixture gaussian(int dimensions) {
    List<Double> mean = Stream.iterate(0.4, m -> -0.7 * m).limit(dimensions).toList();
    List<Double> variance = Stream.iterate(0.1, v -> 0.3 + 0.6 * v).limit(dimensions).toList();
    return new GaussianMixture(List.of(new Component(mean, variance)));
  }

  /** Three in the plane, that overlap. */
  static GaussianMixture three() {
    return new GaussianMixture(
        List.of(
            new Component(List.of(-0.9, 0.3), List.of(0.05, 0.1)),
            new Component(List.of(0.8, -0.4), List.of(0.1, 0.3)),
            new Component(List.of(0.3, 1.2), List.of(0.1, 0.05))));
  }

  int dimensions() {
    return components.get(0).mean().size();
  }

  /** Variance preserving. */
  static ForwardKernel forward() {
    return KnownModel.gaussian().diffusion(2, (x, time) -> x).forward();
  }

  Diffusion diffusion(int steps) {
    return diffusion(steps, forward(), new Reverse(0));
  }

  /**
   * @param bias by which every reverse step's mean is off
   */
  Diffusion biased(int steps, double bias) {
    return diffusion(steps, forward(), new Reverse(bias));
  }

  Diffusion diffusion(int steps, ForwardKernel forward, ReverseKernel reverse) {
    return new Diffusion(
        new Shape(dimensions()),
        steps,
        LastStep.LEARNED,
        SCHEDULE,
        forward,
        reverse,
        (x, time) -> x.expandDims(1));
  }

  NDArray draw(NDManager manager, int count, Noise noise) {
    float[] values = new float[count * dimensions()];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i / dimensions() % components.size());
      int j = i % dimensions();
      double deviation = Math.sqrt(component.variance().get(j));
      values[i] = (float) (component.mean().get(j) + deviation * noise.gaussian());
    }
    return manager.create(values, new Shape(count, dimensions()));
  }

  /** The same with independent noise added. */
  GaussianMixture blurred(double variance) {
    return new GaussianMixture(
        components.stream()
            .map(
                c -> new Component(c.mean(), c.variance().stream().map(v -> v + variance).toList()))
            .toList());
  }

  /** E[x_0|x_t] of the variance-preserving path, for a single component. */
  NDArray data(NDArray x, Stage stage) {
    NDArray mean = row(x, components.get(0).mean());
    NDArray variance = row(x, components.get(0).variance());
    NDArray root = stage.signal().sqrt();
    NDArray seen = variance.mul(stage.signal()).add(stage.noise());
    return x.sub(mean.mul(root)).mul(variance).mul(root).div(seen).add(mean);
  }

  /** log p(x_0) in nats of each example. */
  double[] logDensity(NDArray data) {
    NDArray x = data.toType(DataType.FLOAT64, true);
    NDArray density = x.getManager().zeros(new Shape(x.getShape().get(0)), DataType.FLOAT64);
    for (Component component : components) {
      Distribution normal =
          DiagonalGaussian.of(
              row(x, component.mean()).add(x.zerosLike()), row(x, component.variance()));
      density = density.add(Distribution.perExample(normal.logProbability(x)).exp());
    }
    return density.div(components.size()).log().toDoubleArray();
  }

  private static NDArray row(NDArray like, List<Double> values) {
    double[] row = values.stream().mapToDouble(Double::doubleValue).toArray();
    return like.getManager()
        .create(row, new Shape(1, row.length))
        .toType(like.getDataType(), false);
  }

  /** Mean and variance of x_s given x_t. */
  private final class Reverse implements ReverseKernel {

    private final double bias;

    Reverse(double bias) {
      this.bias = bias;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      List<NDArray> logs = new ArrayList<>();
      List<NDArray> means = new ArrayList<>();
      List<NDArray> squares = new ArrayList<>();
      for (Component component : components) {
        NDArray m = stage.previousSignal().sqrt().mul(row(current, component.mean()));
        NDArray earlier =
            stage
                .previousSignal()
                .mul(row(current, component.variance()))
                .add(stage.previousNoise());
        NDArray root = stage.kept().sqrt();
        NDArray later = earlier.mul(stage.kept()).add(stage.beta());
        NDArray surprise = current.sub(m.mul(root));
        NDArray surprises = surprise.square().div(later).add(later.log());
        logs.add(surprises.sum(new int[] {1}, true).mul(number(current, -0.5)));
        NDArray its = surprise.mul(earlier).mul(root).div(later).add(m);
        means.add(its);
        squares.add(its.square().add(earlier.mul(stage.beta()).div(later)));
      }
      // The most likely component's share is one: none of many dimensions can round all to zero.
      NDArray most = logs.stream().reduce(NDArrays::maximum).orElseThrow().stopGradient();
      NDArray total = current.getManager().zeros(new Shape(1, 1), current.getDataType());
      NDArray mean = total;
      NDArray square = total;
      for (int i = 0; i < logs.size(); i++) {
        NDArray share = logs.get(i).sub(most).exp();
        total = total.add(share);
        mean = mean.add(means.get(i).mul(share));
        square = square.add(squares.get(i).mul(share));
      }
      NDArray expected = mean.div(total);
      return DiagonalGaussian.of(expected.add(bias), square.div(total).sub(expected.square()));
    }
  }
}
